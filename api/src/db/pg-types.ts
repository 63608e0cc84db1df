import pg from 'pg';

const TIMESTAMPTZ = 1184;
const INT8 = 20;

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
  overrides.setTypeParser(TIMESTAMPTZ, (text) => new Date(text).toISOString());
  return overrides;
}
