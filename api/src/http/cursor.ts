import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@hortus/service/problem';

const MAC_BYTES = 16;
const ID_BYTES = 16;

/** The last item of a page: its id, and what the list is sorted by before the id ('' where that is nothing). */
export interface Position {
  readonly id: string;
  readonly key: string;
}

/**
 * A cursor is a MAC, the id and the key. The MAC is also over what the list was asked for, `asked`, so that the cursor of
 * another workspace, filter or order is refused as one that was made up is.
 */
export interface Cursors {
  write(asked: string, position: Position): string;
  /** @throws ProblemError CURSOR_INVALID */
  read(asked: string, cursor: string): Position;
}

export function createCursors(macKey: Buffer): Cursors {
  const macOf = (asked: string, position: Buffer) =>
    createHmac('sha256', macKey).update(JSON.stringify(asked)).update(position).digest().subarray(0, MAC_BYTES);

  return {
    write(asked, { id, key }) {
      const position = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), Buffer.from(key)]);
      return Buffer.concat([macOf(asked, position), position]).toString('base64url');
    },
    read(asked, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const position = bytes.subarray(MAC_BYTES);
      // The last comparison refuses other spellings of the same bytes.
      if (
        position.length < ID_BYTES ||
        !timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(asked, position)) ||
        bytes.toString('base64url') !== cursor
      ) {
        throw new ProblemError(
          'CURSOR_INVALID',
          'Give the `nextCursor` of the page before, with the same filters and order, or none for the first page.',
        );
      }
      const hex = position.subarray(0, ID_BYTES).toString('hex');
      return {
        id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
        key: position.subarray(ID_BYTES).toString('utf8'),
      };
    },
  };
}
