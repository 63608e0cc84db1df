import { createHash, randomBytes } from 'node:crypto';

/*
 * The token of a share link is, base64url, secret ‖ workspace id, as that of the API: a plain SHA-256 keeps it, since nobody
 * guesses 192 bits; the workspace id says where to look for it and proves nothing, since the hash is of the whole.
 */

const SECRET_BYTES = 24;
const FORM = /^[\w-]{54}$/;

export interface ShareToken {
  /** What its holder has. */
  readonly text: string;
  readonly sha256: string;
  readonly workspaceId: string;
}

function read(text: string): ShareToken {
  const hex = Buffer.from(text, 'base64url').toString('hex', SECRET_BYTES);
  return {
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    workspaceId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
}

export function makeShareToken(workspaceId: string): ShareToken {
  const id = Buffer.from(workspaceId.replaceAll('-', ''), 'hex');
  return read(Buffer.concat([randomBytes(SECRET_BYTES), id]).toString('base64url'));
}

/** Null where the text has not the form of a token. Whether there is such a one is another question. */
export function readShareToken(text: string): ShareToken | null {
  return FORM.test(text) ? read(text) : null;
}
