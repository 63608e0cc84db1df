import { describe, expect, it } from '@jest/globals';
import { findChecksum } from './download-archive.ts';

const HASH = 'a'.repeat(64);

describe('findChecksum', () => {
  it('finds the archive by its whole name, in text and in binary mode', () => {
    const list = `${'b'.repeat(64)}  cli_1.5.1_linux_amd64.tar.gz.sig\n${HASH}  cli_1.5.1_linux_amd64.tar.gz\n`;
    expect(findChecksum(list, 'cli_1.5.1_linux_amd64.tar.gz')).toBe(HASH);
    expect(findChecksum(`${HASH.toUpperCase()} *./x.zip`, 'x.zip')).toBe(HASH);
  });

  it('finds nothing in a page that is no list', () => {
    expect(findChecksum('<html>Not found</html>', 'x.zip')).toBeUndefined();
  });
});
