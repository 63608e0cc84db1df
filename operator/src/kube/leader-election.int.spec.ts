import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startChaosProxy, type ChaosProxy } from '../../../tools/test/fixtures/chaos-proxy.ts';
import { joinTestCluster, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import type { KubeClient } from './client.ts';
import { LEASE, runAsLeader, type Lease } from './leader-election.ts';

const WAIT_MS = 30_000;
const TIMES = { leaseMs: 1500, renewWithinMs: 1000, retryMs: 100 };

describe('leader election', () => {
  let cluster: TestCluster;
  let proxy: ChaosProxy;
  let throughProxy: ReturnType<TestCluster['connect']>;

  beforeAll(async () => {
    cluster = await joinTestCluster();
    proxy = await startChaosProxy(cluster.endpoint);
    throughProxy = cluster.connect({ server: proxy.server });
  });

  afterAll(async () => {
    await throughProxy.close();
    await proxy.close();
    await cluster.close();
  });

  /** Somebody who would lead; `leads` says whether they do now. */
  function candidate(lease: string, identity: string, options: { client?: KubeClient; lasts?: Promise<unknown> } = {}) {
    const stopping = new AbortController();
    const state = { leads: false, ledAt: 0, endedAt: 0 };
    const ended = runAsLeader({
      client: options.client ?? cluster.client,
      lease: { name: lease, namespace: cluster.namespace },
      identity,
      fieldManager: 'test',
      logger: cluster.logger,
      signal: stopping.signal,
      ...TIMES,
      lead: async (signal) => {
        state.leads = true;
        state.ledAt = performance.now();
        const stopped = new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
        await Promise.race([stopped, options.lasts ?? stopped]);
        state.leads = false;
        state.endedAt = performance.now();
      },
    });
    return {
      state,
      ended,
      stop: () => {
        stopping.abort();
      },
    };
  }

  const leads = (one: ReturnType<typeof candidate>) => waitUntil(() => one.state.leads, WAIT_MS);
  const read = (name: string) => cluster.client.get<Lease>(LEASE, { name, namespace: cluster.namespace });

  it('lets one lead, and the next as soon as that one stops, since the lease is given back', async () => {
    const all = ['a', 'b', 'c'].map((identity) => candidate('handover', identity));
    const led: string[] = [];
    while (led.length < 3) {
      await waitUntil(() => all.some(({ state }) => state.leads), WAIT_MS);
      expect(all.filter(({ state }) => state.leads)).toHaveLength(1);
      const leader = all.find(({ state }) => state.leads);
      led.push((await read('handover'))?.spec?.holderIdentity ?? '');
      leader?.stop();
      expect(await leader?.ended).toBe('stopped');
    }
    expect([...led].sort()).toEqual(['a', 'b', 'c']);
    const { spec } = (await read('handover')) ?? {};
    expect([spec?.holderIdentity, spec?.leaseTransitions]).toEqual(['', 2]);
    expect(spec?.renewTime).toMatch(/\.\d{6}Z$/);
  });

  it('waits out the lease of a leader who vanished, and trusts no time that is written in it', async () => {
    const hourAhead = new Date(Date.now() + 3_600_000).toISOString().replace('Z', '000Z');
    await cluster.client.create<Lease>(
      LEASE,
      {
        metadata: { name: 'vanished', namespace: cluster.namespace },
        spec: {
          holderIdentity: 'somebody',
          leaseDurationSeconds: 1,
          renewTime: hourAhead,
          acquireTime: hourAhead,
          leaseTransitions: 7,
        },
      },
      { fieldManager: 'test' },
    );
    const began = performance.now();
    const heir = candidate('vanished', 'heir');
    await leads(heir);
    expect(heir.state.ledAt - began).toBeGreaterThanOrEqual(1000);
    expect((await read('vanished'))?.spec?.leaseTransitions).toBe(8);
    heir.stop();
    await heir.ended;
  });

  it('stops a leader who can not renew before anybody else may lead', async () => {
    const cutOff = candidate('cut-off', 'cut-off', { client: throughProxy.client });
    await leads(cutOff);
    const heir = candidate('cut-off', 'heir');
    proxy.mischief = () => ({ cut: true });
    await leads(heir);
    expect(await cutOff.ended).toBe('lost');
    expect(cutOff.state.endedAt).toBeGreaterThan(0);
    expect(cutOff.state.endedAt).toBeLessThan(heir.state.ledAt);
    proxy.mischief = () => undefined;
    heir.stop();
    await heir.ended;
  });

  it('stops a leader whose request hangs, as one whose request fails', async () => {
    const hung = candidate('hung', 'hung', { client: throughProxy.client });
    await leads(hung);
    const heir = candidate('hung', 'heir');
    proxy.mischief = () => ({ hang: true });
    await leads(heir);
    expect(await hung.ended).toBe('lost');
    expect(hung.state.endedAt).toBeLessThan(heir.state.ledAt);
    proxy.mischief = () => undefined;
    heir.stop();
    await heir.ended;
  });

  it('stops a leader whose lease was taken by force', async () => {
    const robbed = candidate('robbed', 'robbed');
    await leads(robbed);
    await cluster.client.merge(
      LEASE,
      { name: 'robbed', namespace: cluster.namespace },
      { spec: { holderIdentity: 'thief', leaseDurationSeconds: 60 } },
      { fieldManager: 'thief' },
    );
    expect(await robbed.ended).toBe('lost');
    expect((await read('robbed'))?.spec?.holderIdentity).toBe('thief');
  });

  it('gives the lease back when the work is done, or fails', async () => {
    const done = candidate('work', 'done', { lasts: pause(50) });
    expect(await done.ended).toBe('done');
    const failed = candidate('work', 'failed', { lasts: pause(50).then(() => Promise.reject(new Error('a fault'))) });
    await expect(failed.ended).rejects.toThrow('a fault');
    expect((await read('work'))?.spec?.holderIdentity).toBe('');
  });

  it('is refused times by which two could lead at once', async () => {
    await expect(
      runAsLeader({
        client: cluster.client,
        lease: { name: 'wrong', namespace: cluster.namespace },
        identity: 'a',
        fieldManager: 'test',
        logger: cluster.logger,
        signal: new AbortController().signal,
        leaseMs: 1000,
        renewWithinMs: 1000,
        lead: () => Promise.resolve(),
      }),
    ).rejects.toThrow('renewWithinMs must be less than leaseMs');
  });
});
