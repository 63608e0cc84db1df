import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ServersConfig } from './config.ts';
import { readServersConfig } from './config.ts';
import { cachedPath, findServer, parseVersion } from './find-server.ts';
import type { ObtainStep } from './obtain-step.ts';
import type { ServerEntry } from './server-table.ts';

function setUp(steps: readonly ObtainStep[] = []) {
  const root = mkdtempSync(join(tmpdir(), 'servers-'));
  const path = join(root, 'bin');
  mkdirSync(path);
  const entry: ServerEntry = {
    name: 'Some Server',
    variable: 'SOME_SERVER',
    commands: ['some-server'],
    version: '1.5.1',
    versionMin: { major: 1, minor: 5 },
    steps,
    advice: 'install it',
  };
  const config: ServersConfig = { variables: {}, path: [path], cacheFolder: join(root, 'cache'), env: {} };
  const said: string[] = [];
  return { root, path, entry, config, said, say: (line: string) => void said.push(line) };
}

function writeProgram(file: string, version: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho 'some-server version ${version}'\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('findServer', () => {
  it('takes what the variable names, and complains rather than pass it over', async () => {
    const { entry, config, root, path, say } = setUp();
    writeProgram(join(path, 'some-server'), '1.5.1');
    const named = writeProgram(join(root, 'mine'), '0.1.0');
    expect(await findServer(entry, { ...config, variables: { SOME_SERVER: named } }, say)).toBe(named);
    const missing = { ...config, variables: { SOME_SERVER: join(root, 'absent') } };
    await expect(findServer(entry, missing, say)).rejects.toThrow('SOME_SERVER names');
    const relative = { ...config, variables: { SOME_SERVER: 'bin/some-server' } };
    await expect(findServer(entry, relative, say)).rejects.toThrow('must be an absolute path');
  });

  it('takes one in PATH that is new enough, before the cache', async () => {
    const { entry, config, path, say } = setUp();
    const cached = writeProgram(cachedPath(entry, config.cacheFolder), '1.5.1');
    const inPath = writeProgram(join(path, 'some-server'), '1.4.9');
    expect(await findServer(entry, config, say)).toBe(cached);
    writeProgram(inPath, '2.0.0');
    expect(await findServer(entry, config, say)).toBe(inPath);
  });

  it('does not take a cached binary of another version', async () => {
    const { entry, config, say } = setUp();
    writeProgram(cachedPath({ ...entry, version: '1.5.0' }, config.cacheFolder), '1.5.0');
    await expect(findServer(entry, config, say)).rejects.toThrow('could not be obtained');
  });

  it('tries each way in turn, says why one failed, and obtains it once for callers at the same time', async () => {
    let count = 0;
    const fails: ObtainStep = { title: 'a mirror', obtain: () => Promise.reject(new Error('it is down')) };
    const works: ObtainStep = {
      title: 'a build',
      obtain: ({ target }) => {
        count += 1;
        return Promise.resolve(writeProgram(target, '1.5.1'));
      },
    };
    const { entry, config, said, say } = setUp([fails, works]);
    const found = await Promise.all([findServer(entry, config, say), findServer(entry, config, say)]);
    expect(new Set(found)).toEqual(new Set([cachedPath(entry, config.cacheFolder)]));
    expect(count).toBe(1);
    expect(said).toContain('That did not work: it is down.');
    expect(existsSync(`${cachedPath(entry, config.cacheFolder)}.lock`)).toBe(false);
  });

  it('says in the end what to install and which variable to set', async () => {
    const { entry, config, say } = setUp();
    await expect(findServer(entry, config, say)).rejects.toThrow(
      'The Some Server is needed and could not be obtained: install it, or set SOME_SERVER to the path of one.',
    );
  });
});

describe('parseVersion', () => {
  it('takes the first two numbers of what a program says of itself', () => {
    expect(parseVersion('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')).toEqual({ major: 1, minor: 5 });
    expect(parseVersion('no number')).toBeUndefined();
  });
});

describe('readServersConfig', () => {
  it('follows XDG_CACHE_HOME, but not a relative one, as its specification says', () => {
    expect(readServersConfig({ XDG_CACHE_HOME: '/var/cache/me' }).cacheFolder).toBe('/var/cache/me/hortus');
    expect(readServersConfig({ XDG_CACHE_HOME: 'cache' }).cacheFolder).toMatch(/^\/.*\.cache\/hortus$/);
  });
});
