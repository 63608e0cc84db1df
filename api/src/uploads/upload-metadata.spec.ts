import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readUploadMetadata, toArtifactName } from './upload-metadata.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the name of an uploaded file', () => {
  it.each([
    ['holiday.jpg', 'holiday.jpg'],
    ['../../x', 'x'],
    ['C:\\fakepath\\x.png', 'x.png'],
    ['/etc/passwd', 'passwd'],
    ['a\r\nSet-Cookie: b', 'a Set-Cookie: b'],
    ['nul\0byte', 'nul byte'],
    ['', 'Untitled'],
    ['../', 'Untitled'],
    ['half \ud800', 'half \ufffd'],
    ['عطلة.jpg', 'عطلة.jpg'],
  ])('%j becomes the name %j', (fileName, name) => {
    expect(toArtifactName(fileName)).toBe(name);
  });

  it('is always a name that an artifact may have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (fileName) => {
        const name = toArtifactName(fileName);
        expect(Array.from(name).length).toBeGreaterThan(0);
        expect(Array.from(name).length).toBeLessThanOrEqual(200);
        expect(name).not.toMatch(/[\0\r\n/]/);
      }),
    );
  });
});

describe('the metadata of an upload', () => {
  it('is read as tus-js-client and Uppy write it', () => {
    const id = '0190a3c4-0000-7000-8000-000000000000';
    const header = `relativePath bnVsbA==,filename ${base64('a.jpg')},filetype ${base64('image/jpeg')},artifactId ${base64(id)},flag`;
    expect(readUploadMetadata(header)).toEqual({ artifactId: id, name: 'a.jpg', declaredType: 'image/jpeg' });
    expect(readUploadMetadata('')).toEqual({ artifactId: null, name: 'Untitled', declaredType: undefined });
  });

  it('never fails in another way than as a request that is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z ,=YQ/+]{0,40}$/)), (header) => {
        try {
          expect(readUploadMetadata(header).name).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'REQUEST_INVALID' });
        }
      }),
    );
  });
});
