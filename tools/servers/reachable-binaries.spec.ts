import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reachableBinaries } from './reachable-binaries.ts';

const NOBODY = { uid: 65_534, gid: 65_534, capability: 'dac_read_search' };

describe('the binaries of Postgres', () => {
  let folder = '';
  let binaries = { initdb: '', postgres: '' };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hortus-reachable-'));
    const bin = join(folder, 'native', 'bin');
    await mkdir(bin, { recursive: true });
    binaries = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
    await writeFile(binaries.postgres, 'a program', { mode: 0o755 });
    await writeFile(binaries.initdb, 'another', { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are run where they lie when everybody may go there', async () => {
    await chmod(folder, 0o755);
    expect(await reachableBinaries(binaries, NOBODY)).toEqual(binaries);
  });

  it('are run where they lie by whoever is not root', async () => {
    await chmod(folder, 0o700);
    expect(await reachableBinaries(binaries, undefined)).toEqual(binaries);
  });

  it('are copied once to where everybody may go when they lie behind a closed folder', async () => {
    await chmod(folder, 0o700);
    const [first, second] = await Promise.all([
      reachableBinaries(binaries, NOBODY),
      reachableBinaries(binaries, NOBODY),
    ]);
    expect(first).toEqual(second);
    expect(first.postgres).not.toBe(binaries.postgres);
    expect(await reachableBinaries(first, NOBODY)).toEqual(first);
    await rm(dirname(dirname(first.postgres)), { recursive: true });
  });
});
