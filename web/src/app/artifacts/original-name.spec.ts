import { describe, expect, it } from '@jest/globals';
import { originalName } from './original-name.ts';

describe('originalName', () => {
  it.each([
    ['Fern', 'image/jpeg', 'Fern.jpg'],
    ['fern.jpg', 'image/jpeg', 'fern.jpg'],
    ['a/b: c?', 'image/png', 'a b c.png'],
    ['Notes', 'text/plain; charset=utf-8', 'Notes.txt'],
    ['Drawing', 'image/svg+xml', 'Drawing.svg'],
    ['Data', 'application/octet-stream', 'Data'],
    ['???', 'application/pdf', 'original.pdf'],
  ])('names %j of %s %j', (name, contentType, fileName) => {
    expect(originalName(name, contentType)).toBe(fileName);
  });
});
