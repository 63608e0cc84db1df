import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const checkout = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/security.md', checkout), 'utf8');
/** `<file>`: <how the title of a test begins>, ended by a dot in the middle or the end of the cell. */
const named = [...text.matchAll(/`([\w./-]+\.(?:spec|e2e)\.ts)`: (.+?) (?=·|\|)/g)].map(([, file = '', title = '']) => [file, title.trim()] as const); // prettier-ignore

describe('docs/security.md', () => {
  it('names a test for every item that it says is met', () => {
    const rows = text.split('\n').filter((line) => /^\| (\d+\.|–)/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !row.includes('.spec.ts`: '))).toEqual([]);
  });

  it.each(named)('names a test that there is: %s: %s', (file, title) => {
    const path = new URL(file, checkout);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });
});
