import { createHash, randomBytes } from 'node:crypto';

/*
 * A secret of a workspace is a word that says what it is and, base64url, secret ‖ workspace id. The secret is random, so a
 * plain SHA-256 of the whole keeps it: nobody guesses 256 bits, and no salt or slowness is needed. The workspace id says where
 * to look for it; it proves nothing, since the hash is of the whole.
 */

const SECRET_BYTES = 32;
const ID_BYTES = 16;
const FORM = /^[\w-]{64}$/;

export interface WorkspaceSecret {
  /** What its holder has. */
  readonly text: string;
  readonly sha256: string;
  readonly workspaceId: string;
}

export function makeWorkspaceSecret(start: string, workspaceId: string): WorkspaceSecret {
  const id = Buffer.from(workspaceId.replaceAll('-', ''), 'hex');
  if (id.length !== ID_BYTES) throw new Error('a workspace id is a UUID');
  const secret = readWorkspaceSecret(
    start,
    `${start}${Buffer.concat([randomBytes(SECRET_BYTES), id]).toString('base64url')}`,
  );
  if (secret === null) throw new Error('a secret is read as it was made');
  return secret;
}

/** Null where the text has not the form of such a secret. Whether there is such a one is another question. */
export function readWorkspaceSecret(start: string, text: string): WorkspaceSecret | null {
  const encoded = text.slice(start.length);
  if (!text.startsWith(start) || !FORM.test(encoded)) return null;
  const hex = Buffer.from(encoded, 'base64url').toString('hex', SECRET_BYTES);
  return {
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    workspaceId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
}
