const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `812 B`, `34.1 kB`, `2.6 MB`: three digits are enough to compare by; steps of 1000, as SI says. */
export function formatBytes(sizeBytes: number, locale = 'en'): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return `${number}\u00A0${UNITS[unit] ?? ''}`;
}
