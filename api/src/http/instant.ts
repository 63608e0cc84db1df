/** The first moment that PostgreSQL can read; RFC 3339 has a year zero before it. */
const FIRST = '0001-01-01T00:00:00Z';

/**
 * A moment in UTC, as PostgreSQL takes it: RFC 3339 also has offsets beyond 15:59, leap seconds, a year zero, and a small t and z.
 *
 * @param text a `date-time` that was validated; more than its microseconds are dropped
 */
export function toInstant(text: string): string {
  const [, minute = '', second = '', fraction = '', offset = ''] =
    /^(.{16}):(\d\d)(\.\d+)?(.*)$/.exec(text.toUpperCase().replace(/\s/, 'T')) ?? [];
  const isLeap = second === '60';
  const atMs = Date.parse(`${minute}:${isLeap ? '59' : second}${offset}`) + (isLeap ? 1000 : 0);
  if (atMs < Date.parse(FIRST)) return FIRST;
  return `${new Date(atMs).toISOString().slice(0, -5)}${isLeap ? '' : fraction.slice(0, 7)}Z`;
}
