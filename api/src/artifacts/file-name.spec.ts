import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileNameOf, makeUnique } from './file-name.ts';

describe('the name of a saved file', () => {
  it.each([
    ['Oak', 'image/jpeg', 'Oak.jpg'],
    ['Oak.JPEG', 'image/jpeg', 'Oak.JPEG'],
    ['Oak.png', 'image/jpeg', 'Oak.png.jpg'],
    ['notes', 'application/octet-stream', 'notes'],
    ['report.pdf', 'application/pdf', 'report.pdf'],
    ['../../x', 'image/png', 'x.png'],
    ['..\\..\\x', 'image/png', 'x.png'],
    ['/etc/passwd', 'text/plain', 'etc passwd.txt'],
    ['C:\\x', 'image/png', 'C x.png'],
    ['a\r\nSet-Cookie: x=1', 'image/png', 'a Set-Cookie x=1.png'],
    ['photo\u202egpj.exe', 'application/octet-stream', 'photogpj.exe'],
    ['...', 'image/png', 'original.png'],
    ['\u0000\u0007', 'image/png', 'original.png'],
    ['con', 'text/plain', '_con.txt'],
    ['.htaccess', 'application/octet-stream', 'htaccess'],
    ['樹 🌳', 'image/webp', '樹 🌳.webp'],
    ['jpg', 'image/jpeg', 'jpg.jpg'],
    ['.jpg', 'image/jpeg', 'jpg.jpg'],
  ])('of %j as %s is %j', (name, contentType, fileName) => {
    expect(fileNameOf(name, contentType)).toBe(fileName);
  });

  it('is one of every file system, whatever the artifact is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('image/jpeg', 'text/plain', 'application/octet-stream', 'x/../y', ''),
        (name, contentType) => {
          const fileName = fileNameOf(name, contentType);
          expect(fileName).not.toMatch(/[\p{Cc}\p{Cs}<>:"/\\|?*]|^[. ]|[. ]$/u);
          expect(fileName.length).toBeGreaterThan(0);
          expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);
        },
      ),
    );
  });

  it('stands once among others', () => {
    expect(makeUnique(['a.jpg', 'A.jpg', 'a.jpg', 'a (2).jpg', 'a', 'a', '.x'])).toEqual([
      'a.jpg', 'A (2).jpg', 'a (3).jpg', 'a (2) (2).jpg', 'a', 'a (2)', '.x',
    ]); // prettier-ignore
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'A', 'a (2)', 'a (3)', 'b.c', 'B.c', 'b (2).c')), (names) => {
        const unique = makeUnique(names);
        expect(new Set(unique.map((name) => name.toLowerCase())).size).toBe(names.length);
      }),
    );
  });
});
