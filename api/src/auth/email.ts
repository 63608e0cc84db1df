/** An e-mail address as it is stored and compared: upper and lower case, and ways to write an accent, are the same. */
export function normalizeEmail(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
