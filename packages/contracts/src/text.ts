import { Type, type TInteger, type TString } from 'typebox';

/** The largest `integer` and the largest whole number that both PostgreSQL's `bigint` and JavaScript hold exactly. */
const INT_MAX = { integer: 2_147_483_647, bigint: Number.MAX_SAFE_INTEGER } as const;

/**
 * Text from outside: no NUL and no half of a surrogate pair, since PostgreSQL can hold neither, so that they are refused as
 * the caller's mistake (400) and never surface as a database error (500). JSON Schema reads a pattern by code points, so
 * a whole pair is one character outside of the range.
 */
export function Text(options: { minLength?: number; maxLength: number; description: string }): TString {
  return Type.String({ ...options, pattern: '^[^\\u0000\\ud800-\\udfff]*$' });
}

/**
 * A name that others read, in pages and in mails: one line, with something to see, and nothing that hides or turns round
 * what stands beside it. Refused are control characters, line separators, marks that override the direction of text (U+202A
 * to U+202E, U+2066 to U+2069) and spaces without width; the joiners stay, since Persian and emoji are written with them.
 * Letters that run from right to left are like any others.
 */
export function Name(options: { maxLength: number; description: string }): TString {
  const hidden = '\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff';
  const blank =
    ' \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\u00ad\\u115f\\u1160\\u180e\\u200c-\\u200f\\u2800\\u3164\\uffa0';
  // It can match in one way only, so that a long text takes no time.
  const pattern = `^[${blank}]*[^${hidden}${blank}][^${hidden}]*$`;
  return Type.String({ minLength: 1, ...options, pattern });
}

/** A whole number that its column can hold, so that a larger one is the caller's mistake as well. */
export function Whole(options: { minimum: number; column?: keyof typeof INT_MAX; description: string }): TInteger {
  const { minimum, column = 'integer', description } = options;
  return Type.Integer({ minimum, maximum: INT_MAX[column], description });
}

/**
 * A bare address, without a name: one `@`, a domain with a dot, and none of the characters by which a list, a comment or
 * another header begins. What stands before the `@` is the affair of whoever runs the domain (RFC 5321 §2.3.11).
 */
export function Email(description: string): TString {
  const not = String.raw`\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ud800-\udfff@<>()[\]\\,;:"`;
  const label = `[^.${not}]+`;
  return Type.String({ minLength: 5, maxLength: 254, pattern: `^[^${not}]+@${label}(?:[.]${label})+$`, description });
}

export function Uuid(description: string): TString {
  return Type.String({ format: 'uuid', description });
}

export function Timestamp(description: string): TString {
  return Type.String({ format: 'date-time', maxLength: 40, description: `${description} (RFC 3339, UTC)` });
}

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export function Sha256(description: string): TString {
  return Type.String({ pattern: '^[0-9a-f]{64}$', description: `${description} (SHA-256, lower-case hexadecimal)` });
}
