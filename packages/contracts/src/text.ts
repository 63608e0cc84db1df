import { Type, type TString } from 'typebox';

/**
 * Text from outside: no NUL, since PostgreSQL's `text` can't hold one, so that it is refused as the caller's mistake
 * (400) and never surfaces as a database error (500).
 */
export function Text(options: { minLength?: number; maxLength: number; description: string }): TString {
  return Type.String({ ...options, pattern: '^[^\\u0000]*$' });
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
