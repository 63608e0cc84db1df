import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCursors } from './cursor.ts';

const refused = expect.objectContaining({ code: 'CURSOR_INVALID' }) as unknown as Error;
const cursors = createCursors(Buffer.alloc(32, 7));

describe('a cursor', () => {
  it('names the item and the key that it was written for, and goes into an address as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.uuid(), fc.string({ unit: 'grapheme' }), (asked, id, key) => {
        const cursor = cursors.write(asked, { id, key });
        expect(cursors.read(asked, cursor)).toEqual({ id, key });
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(cursor).not.toContain(id);
      }),
    );
  });

  it('is refused in any other text, for anything else that is asked, and by another key', () => {
    const position = { id: crypto.randomUUID(), key: 'elm' };
    const cursor = cursors.write('mine', position);
    const others = createCursors(Buffer.alloc(32, 8));
    const near = fc.constantFrom(
      position.id,
      `${cursor}=`,
      ` ${cursor}`,
      cursor.toLowerCase(),
      cursor.slice(0, -1),
      cursors.write('theirs', position),
      others.write('mine', position),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), near), (text) => {
        expect(() => cursors.read('mine', text)).toThrow(refused);
      }),
    );
  });
});
