import { Type, type TString } from 'typebox';

/**
 * Text from outside: no NUL and no half of a surrogate pair, since PostgreSQL can hold neither, so that they are refused as
 * the caller's mistake (400) and never surface as a database error (500). JSON Schema reads a pattern by code points, so
 * a whole pair is one character outside of the range.
 */
export function Text(options: { minLength?: number; maxLength: number; description: string }): TString {
  return Type.String({ ...options, pattern: '^[^\\u0000\\ud800-\\udfff]*$' });
}

export function Uuid(description: string): TString {
  return Type.String({ format: 'uuid', description });
}

export function Timestamp(description: string): TString {
  return Type.String({ format: 'date-time', description: `${description} (RFC 3339, UTC)` });
}

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export function Sha256(description: string): TString {
  return Type.String({ pattern: '^[0-9a-f]{64}$', description: `${description} (SHA-256, lower-case hexadecimal)` });
}
