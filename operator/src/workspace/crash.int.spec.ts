import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkspaceSpec } from '@hortus/contracts/workspace-resource';
import { joinTestWorkspaces, until, type TestWorkspaces } from '../../../tools/test/fixtures/operator.ts';
import { createApiClient, type ApiClient } from '../api-client.ts';
import type { KubeClient } from '../kube/client.ts';
import { isTrue } from '../kube/conditions.ts';
import { createTools } from '../operator.ts';
import { startCache, type Cache } from './cache.ts';
import { CHILD_KINDS, CONFIG_MAP, NAMESPACE, type Manifest } from './kinds.ts';
import { createReconciler } from './reconcile.ts';
import { WORKSPACE, workspaceIdOf } from './workspace.ts';

/*
 * The operator is ended after each call that it makes to the API server or to Hortus: the call has happened, nobody has heard of
 * it, and nothing after it happens. Another operator, which knows nothing, must come to the same end.
 */

const TIMEOUT_MS = 120_000;
const SHARED = 'crash-shared';

const FULL: Partial<WorkspaceSpec> = {
  displayName: 'Full',
  members: [
    { email: 'ann@example.com', role: 'owner' },
    { email: 'bob@example.com', role: 'member' },
  ],
  quota: { cpu: 2, memory: '4Gi', artifacts: 10 },
  network: { internet: 'Allowed' },
  gardener: { mode: 'dedicated', replicas: 0 },
  copies: [{ kind: 'ConfigMap', name: SHARED }],
};
const LESS: Partial<WorkspaceSpec> = {
  displayName: 'Less',
  members: [{ email: 'ann@example.com', role: 'owner' }],
  quota: { cpu: 1 },
};

interface Scenario {
  readonly title: string;
  /** What stands before. */
  readonly from?: Partial<WorkspaceSpec>;
  readonly to: Partial<WorkspaceSpec> | 'deleted';
}

const SCENARIOS: readonly Scenario[] = [
  { title: 'create', to: FULL },
  { title: 'change', from: FULL, to: LESS },
  { title: 'suspend', from: FULL, to: { ...FULL, suspend: true } },
  { title: 'delete, retaining', from: FULL, to: 'deleted' },
  { title: 'delete, removing', from: { ...FULL, deletionPolicy: 'Delete' }, to: 'deleted' },
];

class Crash extends Error {}

/** Counts calls, and dies after the one that it is told. */
class Fuse {
  readonly #after: number;
  calls = 0;
  isBlown = false;

  constructor(after = Infinity) {
    this.#after = after;
  }

  async pass<T>(call: () => Promise<T>): Promise<T> {
    if (this.isBlown) throw new Crash('dead');
    this.calls += 1;
    const isLast = this.calls >= this.#after;
    if (isLast) this.isBlown = true;
    const answer = await call();
    if (isLast) throw new Crash('died after the call');
    return answer;
  }

  around<T extends object>(target: T, methods: readonly string[]): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => Reflect.apply(value, object, args);
        if (!methods.includes(String(name))) return call;
        return (...args: unknown[]) => this.pass(async () => call(...args));
      },
    });
  }
}

describe('a crash of the operator after any of its calls', () => {
  let all: TestWorkspaces;
  let api: ApiClient;
  const matrix: string[] = [];

  beforeAll(async () => {
    all = await joinTestWorkspaces();
    api = createApiClient({ url: all.hortus.url, serviceKey: 'test' });
    const metadata = { name: SHARED, namespace: all.cluster.namespace, labels: { 'hortus.dev/shared': 'true' } };
    const shared = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } };
    await all.client.apply(CONFIG_MAP, shared, { fieldManager: 'test' });
  }, TIMEOUT_MS);

  afterAll(async () => {
    process.stderr.write(`crashes, each with the same end state: ${matrix.join(', ')}\n`);
    await api.close();
    await all.close();
  }, TIMEOUT_MS);

  async function live<T>(run: (cache: Cache) => Promise<T>): Promise<T> {
    const { settings, logger, selector } = all.parts(all.client, api);
    const cache = startCache({ client: all.client, settings, logger, selector, touch: () => undefined });
    await cache.synced;
    try {
      return await run(cache);
    } finally {
      await cache.stop();
    }
  }

  /** Passes of one operator over one workspace, until it stands, is gone, or the operator is dead. */
  async function drive(cache: Cache, name: string, fuse: Fuse): Promise<void> {
    const client = fuse.around<KubeClient>(all.client, ['get', 'create', 'apply', 'replace', 'merge', 'delete']);
    const parts = all.parts(client, fuse.around(api, ['call']));
    // Events are told beside the work.
    const { events } = createTools(all.parts(all.client, api), cache, 'test');
    const { reconcile } = createReconciler({ ...createTools(parts, cache, 'test'), events });
    const { signal } = new AbortController();
    await until(`${name} to settle`, async () => {
      try {
        await reconcile(name, signal);
      } catch {
        // It is repeated, as the controller would.
      }
      return fuse.isBlown || (await isSettled(name));
    });
  }

  async function isSettled(name: string): Promise<boolean> {
    const standing = await all.get(name);
    if (standing === undefined) return true;
    const { metadata, status } = standing;
    const isOfNow = status?.observedGeneration === metadata.generation;
    return metadata.deletionTimestamp === undefined && isOfNow && isTrue(status?.conditions, 'Ready');
  }

  async function change(cache: Cache, name: string, to: Scenario['to']): Promise<void> {
    if (to === 'deleted') await all.client.delete(WORKSPACE, { name });
    else await all.put(name, to);
    const isSeen = async (): Promise<boolean> => {
      const [seen, standing] = [cache.workspace(name), await all.get(name)];
      return seen?.metadata.resourceVersion === standing?.metadata.resourceVersion;
    };
    await until('the cache to have seen it', isSeen);
  }

  /** What can be seen of a workspace, without what differs from one to another. */
  async function look(name: string): Promise<unknown> {
    const lists = await Promise.all(
      [NAMESPACE, ...CHILD_KINDS].map(async (resource) => {
        const list = { labelSelector: `hortus.dev/workspace=${name}`, limit: 100 };
        const { items } = await all.client.listPage<Manifest>(resource, list);
        return items.map(({ metadata, ...object }) => {
          const { name: child, labels, annotations } = metadata;
          // Others write annotations and statuses too, in their own time.
          const own = Object.entries(annotations ?? {}).filter(([key]) => key.startsWith('hortus.dev/'));
          return {
            kind: resource.kind,
            name: child,
            labels,
            annotations: Object.fromEntries(own),
            ...object,
            status: undefined,
          };
        });
      }),
    );
    const standing = await all.get(name);
    const id = workspaceIdOf({ spec: { slug: name } });
    const { conditions = [], ...status } = standing?.status ?? {};
    const seen = {
      children: lists.flat(),
      finalizers: standing?.metadata.finalizers,
      status: { ...status, observedGeneration: undefined },
      conditions: conditions.map(({ type, status: is, reason, message }) => ({ type, is, reason, message })),
      hortus: all.hortus.workspaces.get(id),
      isRemoved: all.hortus.removed.has(id),
    };
    const text = JSON.stringify(seen).replaceAll(name, 'NAME').replaceAll(id, 'ID');
    // Hashes are of texts that name the workspace.
    return JSON.parse(text.replace(/"hortus.dev\/applied":"[^"]+"/g, '"hash":"x"')) as unknown;
  }

  it.each(SCENARIOS)(
    'in $title: the next one comes to the same end',
    async ({ title, from, to }) => {
      const begin = async (cache: Cache): Promise<string> => {
        const name = all.newName();
        if (from === undefined) return name;
        await change(cache, name, from);
        await drive(cache, name, new Fuse());
        return name;
      };
      const reference = await live(async (cache) => {
        const name = await begin(cache);
        const fuse = new Fuse();
        await change(cache, name, to);
        await drive(cache, name, fuse);
        return { calls: fuse.calls, seen: await look(name) };
      });
      const points = Array.from({ length: reference.calls }, (_, index) => index + 1);
      const crashed = await live((cache) =>
        Promise.all(
          points.map(async (after) => {
            const name = await begin(cache);
            await change(cache, name, to);
            await drive(cache, name, new Fuse(after));
            return { after, name };
          }),
        ),
      );
      const ends = await live((cache) =>
        Promise.all(
          crashed.map(async ({ after, name }) => {
            await drive(cache, name, new Fuse());
            return { after, seen: await look(name) };
          }),
        ),
      );
      for (const { after, seen } of ends) expect({ after, seen }).toEqual({ after, seen: reference.seen });
      matrix.push(`${title} ${String(points.length)}`);
    },
    TIMEOUT_MS,
  );
});
