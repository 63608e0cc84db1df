import { createHash, randomBytes, randomUUID } from 'node:crypto';

/*
 * The token of a link in a mail is id ‖ secret, base64url. The database keeps the id, by which the row is found, and a hash
 * of the secret; whoever reads the database can follow no link.
 */

const ID_BYTES = 16;
const SECRET_BYTES = 32;

export interface LinkToken {
  readonly id: string;
  readonly secretSha256: string;
}

function hashSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function createLinkToken(): LinkToken & { readonly text: string } {
  const id = randomUUID();
  const secret = randomBytes(SECRET_BYTES);
  const text = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), secret]).toString('base64url');
  return { id, secretSha256: hashSecret(secret), text };
}

/** What the text says, or null when it has not the form of a token. */
export function readLinkToken(text: string): LinkToken | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== ID_BYTES + SECRET_BYTES || bytes.toString('base64url') !== text) return null;
  const id = bytes.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, secretSha256: hashSecret(bytes.subarray(ID_BYTES)) };
}
