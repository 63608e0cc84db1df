import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * A refresh token is version ‖ session id ‖ user id ‖ counter ‖ MAC, base64url. The database keeps one counter per session
 * and no token; the user id is there so that a refresh is one trip. A token that is behind the session's counter
 *   by 0  moves the counter and gives the next token;
 *   by 1  gives the current token again: the answer before was lost, or two tabs asked at once;
 *   by 2 or more, or ahead of it, ends the session: somebody replays an old token.
 * There is no time window, so a slow network never signs a person out and a thief never has a grace period. Whoever holds a
 * stolen token is found out as soon as one of the two, thief or owner, asks after the other has moved twice.
 */

const VERSION = 2;
const ID_BYTES = 16;
const USER_OFFSET = 1 + ID_BYTES;
const COUNTER_OFFSET = USER_OFFSET + ID_BYTES;
const MAC_OFFSET = COUNTER_OFFSET + 6;
const LENGTH = MAC_OFFSET + 32;

export interface RefreshToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly counter: number;
}

function mac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}

export function writeRefreshToken(key: Buffer, token: RefreshToken): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.write(token.sessionId.replaceAll('-', ''), 1, 'hex');
  bytes.write(token.userId.replaceAll('-', ''), USER_OFFSET, 'hex');
  bytes.writeUIntBE(token.counter, COUNTER_OFFSET, 6);
  mac(key, bytes.subarray(0, MAC_OFFSET)).copy(bytes, MAC_OFFSET);
  return bytes.toString('base64url');
}

/** What the text says, or null when it is no token of ours. */
export function readRefreshToken(key: Buffer, text: string): RefreshToken | null {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder passes over what is not base64url; one token has one text.
  if (bytes.toString('base64url') !== text) return null;
  if (bytes.length !== LENGTH || bytes.readUInt8(0) !== VERSION) return null;
  if (!timingSafeEqual(mac(key, bytes.subarray(0, MAC_OFFSET)), bytes.subarray(MAC_OFFSET))) return null;
  const id = (offset: number) =>
    bytes.toString('hex', offset, offset + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { sessionId: id(1), userId: id(USER_OFFSET), counter: bytes.readUIntBE(COUNTER_OFFSET, 6) };
}

export type RefreshDecision = 'move' | 'repeat' | 'end';

/** What a token that carries `presented` means for a session whose counter is `current`. */
export function decideRefresh(presented: number, current: number): RefreshDecision {
  if (presented === current) return 'move';
  return presented === current - 1 ? 'repeat' : 'end';
}
