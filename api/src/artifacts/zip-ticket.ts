import type { Member } from '../http/authenticate.ts';

/*
 * What stands in the address of an archive, base64url: workspace ‖ person ‖ 0 for a session or 1 for an API token ‖ its id ‖
 * ids of artifacts. It is signed, and not secret.
 */

const ID_BYTES = 16;
const KIND_AT = 2 * ID_BYTES;

export interface ZipTicket {
  readonly member: Pick<Member, 'workspaceId' | 'userId' | 'by'>;
  readonly ids: readonly string[];
}

const toBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');

function readId(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function writeZipTicket({ member, ids }: ZipTicket): string {
  const { workspaceId, userId, by } = member;
  const isToken = 'apiTokenId' in by;
  const credential = isToken ? by.apiTokenId : by.sessionId;
  const parts = [toBytes(workspaceId), toBytes(userId), Buffer.of(isToken ? 1 : 0), toBytes(credential)];
  return Buffer.concat([...parts, ...ids.map(toBytes)]).toString('base64url');
}

/** Of a ticket that `writeZipTicket` made; whether it did, the signature says. */
export function readZipTicket(text: string): ZipTicket {
  const bytes = Buffer.from(text, 'base64url');
  const credential = readId(bytes, KIND_AT + 1);
  const start = KIND_AT + 1 + ID_BYTES;
  return {
    member: {
      workspaceId: readId(bytes, 0),
      userId: readId(bytes, ID_BYTES),
      by: bytes[KIND_AT] === 1 ? { apiTokenId: credential } : { sessionId: credential },
    },
    ids: Array.from({ length: (bytes.length - start) / ID_BYTES }, (_, index) =>
      readId(bytes, start + index * ID_BYTES),
    ),
  };
}
