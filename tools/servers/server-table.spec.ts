import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SERVERS } from './server-table.ts';

describe('the table of servers', () => {
  it('pins the version of the Temporal CLI that tools/go.mod builds', () => {
    const goMod = readFileSync(new URL('../go.mod', import.meta.url), 'utf8');
    expect(goMod).toContain(`github.com/temporalio/cli v${SERVERS.temporalCli.version}`);
  });
});
