import pg from 'pg';

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** PostgreSQL's text of a moment as RFC 3339, cut to milliseconds; a page has sixty of them. */
function momentOf(text: string): string {
  // Any other than UTC, and years of five digits.
  if (!text.endsWith('+00') || text[10] !== ' ') return new Date(text).toISOString();
  const fraction = text.slice(20, -3).padEnd(3, '0').slice(0, 3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

/**
 * How values of PostgreSQL become values of the contract: `bigint` a number (sizes and counters stay far below 2^53, and one
 * that does not is an error, never a rounded number), `timestamptz` RFC 3339 text in UTC.
 */
export function contractTypes(): pg.CustomTypesConfig {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(INT8, (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new Error(`the bigint ${text} is no safe integer`);
    return value;
  });
  overrides.setTypeParser(TIMESTAMPTZ, momentOf);
  return overrides;
}
