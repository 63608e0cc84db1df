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

  it('pins the versions of the control plane that tools/kubernetes.mod builds', () => {
    const goMod = readFileSync(new URL('../kubernetes.mod', import.meta.url), 'utf8');
    expect(goMod).toContain(`k8s.io/kubernetes v${SERVERS.kubeApiserver.version}`);
    expect(goMod).toContain(`go.etcd.io/etcd/server/v3 v${SERVERS.etcd.version}`);
  });
});
