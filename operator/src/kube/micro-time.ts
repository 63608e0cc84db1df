/** The API server's MicroTime has six digits behind the point, and is refused with any other count. */
export function toMicroTime(at: Date): string {
  return at.toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}
