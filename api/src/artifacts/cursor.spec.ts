import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCursor, writeCursor } from './cursor.ts';

const refused = expect.objectContaining({ code: 'CURSOR_INVALID' }) as unknown as Error;

describe('a cursor', () => {
  it('names the item that it was written for, and goes into an address as it is', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const cursor = writeCursor(id);
        expect(readCursor(cursor)).toBe(id);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(cursor).not.toContain(id);
      }),
    );
  });

  it('is refused in any other text', () => {
    const id = crypto.randomUUID();
    const near = fc.constantFrom(
      id,
      writeCursor(id.toUpperCase()),
      `${writeCursor(id)}=`,
      ` ${writeCursor(id)}`,
      writeCursor(`after:${id}`),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string().map(writeCursor), near), (text) => {
        expect(() => readCursor(text)).toThrow(refused);
      }),
    );
  });
});
