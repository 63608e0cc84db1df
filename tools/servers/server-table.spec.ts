import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SERVERS } from './server-table.ts';

describe('the table of servers', () => {
  it('pins the version of the Temporal CLI that tools/go.mod builds', () => {
    const goMod = readFileSync(new URL('../go.mod', import.meta.url), 'utf8');
    expect(goMod).toContain(`github.com/temporalio/cli v${SERVERS.temporalCli.version}`);
  });

  it('pins the version of versitygw that tools/versitygw.mod builds', () => {
    const goMod = readFileSync(new URL('../versitygw.mod', import.meta.url), 'utf8');
    expect(goMod).toContain(`github.com/versity/versitygw v${SERVERS.versitygw.version}`);
  });
});
