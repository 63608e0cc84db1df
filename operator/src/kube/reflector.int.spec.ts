import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startChaosProxy, type ChaosProxy, type Mischief } from '../../../tools/test/fixtures/chaos-proxy.ts';
import { CONFIG_MAP, joinTestCluster, type ConfigMap, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import { startReflector, type Change, type Reflector } from './reflector.ts';
import { Store } from './store.ts';

const WAIT_MS = 30_000;
const fieldManager = 'test';

describe('a reflector', () => {
  let cluster: TestCluster;
  let proxy: ChaosProxy;
  let throughProxy: ReturnType<TestCluster['connect']>;
  const running: Reflector[] = [];
  let counter = 0;

  beforeAll(async () => {
    cluster = await joinTestCluster();
    proxy = await startChaosProxy(cluster.endpoint);
    throughProxy = cluster.connect({ server: proxy.server });
  });

  afterEach(async () => {
    proxy.mischief = () => undefined;
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  afterAll(async () => {
    await throughProxy.close();
    await proxy.close();
    await cluster.close();
  });

  /** Follows config maps of one test, which carry its label. */
  function follow(options: { silenceMaxMs?: number; pageSize?: number } = {}) {
    counter += 1;
    const label = `follow-${String(counter)}`;
    const store = new Store<ConfigMap>();
    const changes: string[] = [];
    const client =
      options.silenceMaxMs === undefined
        ? throughProxy.client
        : cluster.connect({ server: proxy.server, silenceMaxMs: options.silenceMaxMs }).client;
    const reflector = startReflector<ConfigMap>({
      client,
      resource: CONFIG_MAP,
      store,
      list: { namespace: cluster.namespace, labelSelector: `test=${label}` },
      onChange: (change) => void changes.push(tell(change)),
      logger: cluster.logger,
      backOffMs: { min: 5, max: 50 },
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    });
    running.push(reflector);
    return { label, store, changes, reflector };
  }

  function tell({ before, after }: Change<ConfigMap>): string {
    const { name } = (after ?? before)?.metadata ?? { name: '' };
    const what = before === undefined ? 'gained' : after === undefined ? 'lost' : 'changed';
    return `${what} ${name}${after?.data?.['n'] === undefined ? '' : ` ${after.data['n']}`}`;
  }

  async function put(label: string, name: string, n: number): Promise<void> {
    const map: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${label}-${name}`, namespace: cluster.namespace, labels: { test: label } },
      data: { n: String(n) },
    };
    await cluster.client.apply(CONFIG_MAP, map, { fieldManager, force: true });
  }

  async function remove(label: string, name: string): Promise<void> {
    await cluster.client.delete(CONFIG_MAP, { name: `${label}-${name}`, namespace: cluster.namespace });
  }

  /** Waits until the store is what the cluster has. */
  async function settle({ label, store }: { label: string; store: Store<ConfigMap> }): Promise<void> {
    const isSame = async (): Promise<boolean> => {
      const { items } = await cluster.client.listPage<ConfigMap>(CONFIG_MAP, {
        namespace: cluster.namespace,
        labelSelector: `test=${label}`,
        limit: 500,
      });
      const told = (all: Iterable<ConfigMap>) =>
        [...all]
          .map(({ metadata }) => `${metadata.name} ${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}`)
          .sort();
      return JSON.stringify(told(items)) === JSON.stringify(told(store.values()));
    };
    if (!(await waitUntil(isSame, WAIT_MS)))
      throw new Error(`the store did not become what the cluster has: ${[...store.keys()].join(', ')}`);
  }

  it('hears of what there is, page by page, and of each change in its order', async () => {
    const first = follow({ pageSize: 2 });
    for (const n of [1, 2, 3, 4, 5]) await put(first.label, `early-${String(n)}`, n);
    await first.reflector.stop();
    const store = new Store<ConfigMap>();
    const changes: string[] = [];
    const reflector = startReflector<ConfigMap>({
      client: throughProxy.client,
      resource: CONFIG_MAP,
      store,
      list: { namespace: cluster.namespace, labelSelector: `test=${first.label}` },
      onChange: (change) => void changes.push(tell(change)),
      logger: cluster.logger,
      pageSize: 2,
    });
    running.push(reflector);
    await reflector.synced;
    expect(changes).toEqual([1, 2, 3, 4, 5].map((n) => `gained ${first.label}-early-${String(n)} ${String(n)}`));
    await put(first.label, 'early-1', 10);
    await put(first.label, 'late', 6);
    await remove(first.label, 'early-2');
    await settle({ label: first.label, store });
    expect(changes.slice(5)).toEqual([
      `changed ${first.label}-early-1 10`,
      `gained ${first.label}-late 6`,
      `lost ${first.label}-early-2`,
    ]);
    expect(store.get(`${cluster.namespace}/${first.label}-late`)?.metadata.managedFields).toBeUndefined();
    expect(reflector.counts()).toEqual({ lists: 1, watches: 1 });
  });

  it('resumes a watch that was cut, in the middle of a line too, without a list', async () => {
    const one = follow();
    await one.reflector.synced;
    await put(one.label, 'a', 1);
    await settle(one);
    let cuts = 0;
    proxy.mischief = ({ isWatch }): Mischief =>
      isWatch && cuts < 4
        ? { lines: (line) => ((cuts += 1), { send: [line.slice(0, line.length / 2)], cut: true }) }
        : undefined;
    proxy.cutAll();
    for (const n of [2, 3, 4, 5]) await put(one.label, 'a', n);
    await settle(one);
    expect(cuts).toBe(4);
    expect(one.reflector.counts().lists).toBe(1);
    expect(one.changes.at(-1)).toBe(`changed ${one.label}-a 5`);
  });

  const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  const inBand = `${JSON.stringify({ type: 'ERROR', object: gone })}\n`;

  it.each([
    ['as a status', { answer: { status: 410, body: gone } }],
    ['in the stream', { lines: () => ({ send: [inBand] }) }],
  ] as const)(
    'lists anew when the server has forgotten the version, told %s, and misses nothing',
    async (_how, mischief) => {
      const one = follow();
      await one.reflector.synced;
      await put(one.label, 'stays', 1);
      await put(one.label, 'goes', 1);
      await settle(one);
      let isSpoilt = false;
      proxy.mischief = ({ isWatch }): Mischief => {
        if (!isWatch || isSpoilt) return undefined;
        isSpoilt = true;
        return mischief;
      };
      proxy.cutAll();
      await remove(one.label, 'goes');
      await put(one.label, 'stays', 2);
      expect(await waitUntil(() => one.reflector.counts().lists === 2, WAIT_MS)).toBe(true);
      await settle(one);
      expect(one.changes.filter((change) => change.startsWith('lost'))).toEqual([`lost ${one.label}-goes`]);
    },
  );

  it('tells an object that was replaced by another of its name while nobody looked as lost and gained', async () => {
    const one = follow();
    await one.reflector.synced;
    await put(one.label, 'a', 1);
    await settle(one);
    let isDeaf = true;
    proxy.mischief = (): Mischief => (isDeaf ? { answer: { status: 503 } } : undefined);
    proxy.cutAll();
    await remove(one.label, 'a');
    await put(one.label, 'a', 2);
    isDeaf = false;
    await settle(one);
    expect(one.changes).toEqual([`gained ${one.label}-a 1`, `lost ${one.label}-a`, `gained ${one.label}-a 2`]);
  });

  it('passes over what comes twice or late', async () => {
    const one = follow();
    await one.reflector.synced;
    const told: string[] = [];
    proxy.mischief = ({ isWatch }): Mischief =>
      isWatch
        ? {
            lines: (line) => {
              const old = told.slice(-3);
              told.push(line);
              return { send: [line, ...old, line].map((text) => `${text}\n`) };
            },
          }
        : undefined;
    proxy.cutAll();
    for (const n of [1, 2, 3, 4]) await put(one.label, 'a', n);
    await remove(one.label, 'a');
    await put(one.label, 'a', 5);
    await settle(one);
    expect(one.changes.filter((change) => change.startsWith('changed'))).toEqual(
      [2, 3, 4].map((n) => `changed ${one.label}-a ${String(n)}`),
    );
    expect(one.changes.at(-1)).toBe(`gained ${one.label}-a 5`);
  });

  it('goes on after errors for as long as they last, and waits as the server says', async () => {
    const one = follow();
    await one.reflector.synced;
    let refused = 0;
    proxy.mischief = (): Mischief => {
      refused += 1;
      if (refused > 12) return undefined;
      return [
        { cut: true as const },
        { answer: { status: 500, body: { kind: 'Status', message: 'etcd is away' } } },
        { answer: { status: 429, headers: { 'retry-after': '0' } } },
        { answer: { status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'not yet' } } },
      ][refused % 4];
    };
    proxy.cutAll();
    await put(one.label, 'a', 1);
    await settle(one);
    expect(refused).toBeGreaterThan(12);
  });

  it('takes a connection that is silent for too long for dead', async () => {
    let isHung = false;
    proxy.mischief = ({ isWatch }): Mischief => {
      if (!isWatch || isHung) return undefined;
      isHung = true;
      return { hang: true };
    };
    const one = follow({ silenceMaxMs: 200 });
    await one.reflector.synced;
    await put(one.label, 'a', 1);
    await settle(one);
    expect(one.reflector.counts().lists).toBe(1);
  });

  it('goes on when a handler throws', async () => {
    const store = new Store<ConfigMap>();
    const label = 'throws';
    const reflector = startReflector<ConfigMap>({
      client: throughProxy.client,
      resource: CONFIG_MAP,
      store,
      list: { namespace: cluster.namespace, labelSelector: `test=${label}` },
      onChange: () => {
        throw new Error('a fault of the handler');
      },
      logger: cluster.logger,
    });
    running.push(reflector);
    await reflector.synced;
    for (const n of [1, 2]) await put(label, 'a', n);
    await settle({ label, store });
    expect(cluster.logged.some((line) => line.includes('a fault of the handler'))).toBe(true);
  });
});
