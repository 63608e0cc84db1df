import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { judgePostgresFolder, removeStalePostmasterPid } from './postgres-folder.ts';
import { listCapabilities, runAs } from './postgres-user.ts';

describe('judgePostgresFolder', () => {
  it('takes an empty folder for a new one and a folder of this version for a database', () => {
    expect(judgePostgresFolder([], undefined)).toEqual({ state: 'absent' });
    expect(judgePostgresFolder(['PG_VERSION', 'base'], '18\n')).toEqual({ state: 'usable' });
  });

  it('says what is wrong with any other', () => {
    expect(judgePostgresFolder(['base'], undefined)).toEqual({
      state: 'broken',
      reason: 'its file PG_VERSION is missing',
    });
    expect(judgePostgresFolder(['PG_VERSION'], '17\n')).toEqual({
      state: 'broken',
      reason: 'it was made by Postgres 17, this is Postgres 18',
    });
    expect(judgePostgresFolder(['PG_VERSION'], '\0\0')).toMatchObject({ state: 'broken' });
  });
});

describe('removeStalePostmasterPid', () => {
  it('removes the file when its pid is another program by now', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
    const path = join(folder, 'postmaster.pid');
    writeFileSync(path, `${String(process.pid)}\n${folder}\n`);
    await removeStalePostmasterPid(folder);
    expect(existsSync(path)).toBe(process.platform !== 'linux');
  });
});

describe('the user that Postgres runs as', () => {
  const command = { command: '/bin/postgres', args: ['-D', '/data'], cwd: '/', env: {} };

  it('is left as it is when nobody is named', () => {
    expect(runAs(undefined, command)).toBe(command);
  });

  it('changes by setpriv where a capability is to be kept, else by spawn', () => {
    const user = { uid: 65_534, gid: 65_534 };
    expect(runAs({ ...user, capability: undefined }, command)).toEqual({ ...command, ...user });
    const through = runAs({ ...user, capability: 'dac_read_search' }, command);
    expect(through.command).toBe('setpriv');
    expect(through.args.join(' ')).toContain('--ambient-caps -all,+dac_read_search');
    expect(through.args.slice(-3)).toEqual(['/bin/postgres', '-D', '/data']);
  });

  it('gets the weakest capability that this process has', () => {
    expect(listCapabilities('CapEff:\t000001fffeffffff\n')).toEqual(['dac_read_search', 'dac_override']);
    expect(listCapabilities('CapEff:\t00000000a80425fb\n')).toEqual(['dac_override']);
    expect(listCapabilities('')).toEqual([]);
  });
});
