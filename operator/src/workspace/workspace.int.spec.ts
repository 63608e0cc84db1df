import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import {
  joinTestWorkspaces,
  until,
  type RunningOperator,
  type TestWorkspaces,
} from '../../../tools/test/fixtures/operator.ts';
import { conditionOf } from '../kube/conditions.ts';
import type { KubeObject, Resource } from '../kube/resource.ts';
import {
  DEPLOYMENT,
  LIMIT_RANGE,
  NAMESPACE,
  NETWORK_POLICY,
  RESOURCE_QUOTA,
  ROLE_BINDING,
  SECRET,
  SERVICE_ACCOUNT,
  type Manifest,
} from './kinds.ts';
import { CONDITIONS } from './reasons.ts';
import { WORKSPACE, workspaceIdOf, type Workspace } from './workspace.ts';

const TIMEOUT_MS = 60_000;
const fieldManager = 'kubectl-edit';

/** What every workspace has. */
const ALWAYS = [
  'LimitRange hortus-workspace',
  'NetworkPolicy hortus-allow-dns',
  'NetworkPolicy hortus-allow-within',
  'NetworkPolicy hortus-deny-all',
  'RoleBinding hortus-owners',
  'ServiceAccount default',
  'ServiceAccount hortus-workspace',
];

describe('a Workspace', () => {
  let all: TestWorkspaces;
  let operator: RunningOperator;

  beforeAll(async () => {
    all = await joinTestWorkspaces();
    operator = await all.start();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await all.close();
  }, TIMEOUT_MS);

  const read = <T extends KubeObject = Manifest>(resource: Resource, name: string, object: string) =>
    all.client.get<T>(resource, { namespace: `ws-${name}`, name: object });

  it(
    'gives a namespace with its walls and the workspace in Hortus, and is Ready only when they stand (pain 2: conditions that lie)',
    async () => {
      const name = all.newName();
      await all.put(name, { quota: { cpu: '1000m', memory: '8Gi', artifacts: 5, storage: '1Gi' } });
      const ready = await all.until(name, 'Ready', 'True');
      const wanted = [...ALWAYS, 'ResourceQuota hortus-workspace', `Namespace ws-${name}`].sort();
      expect(await all.children(name)).toEqual(wanted);
      expect(ready.status).toMatchObject({
        observedGeneration: 1,
        namespace: `ws-${name}`,
        workspaceId: workspaceIdOf(ready),
        counts: { members: 1, invited: 0, children: wanted.length },
        gardener: { mode: 'shared' },
      });
      expect(all.hortus.workspaces.get(workspaceIdOf(ready))).toMatchObject({
        slug: name,
        resource: name,
        quota: { artifactsMax: 5, bytesMax: 1024 ** 3 },
      });
      const own = operator.writes().filter(({ path }) => path.includes(name));
      const isReady = ({ body }: (typeof own)[number]): boolean =>
        conditionOf((body as Workspace).status?.conditions, 'Ready')?.status === 'True';
      expect(own.findIndex(isReady)).toBe(own.length - 1);
      // Its finalizer, a status that knows nothing, the children, and what came of it.
      expect(own).toHaveLength(wanted.length + 3);
      const first = (own[1]?.body as Workspace).status?.conditions ?? [];
      expect(first.map(({ type, status }) => [type, status])).toEqual(
        Object.keys(CONDITIONS).map((type) => [type, 'Unknown']),
      );
    },
    TIMEOUT_MS,
  );

  it('keeps its namespace restricted and labelled, and mounts no tokens', async () => {
    const name = all.newName();
    await all.put(name);
    await all.until(name, 'Ready', 'True');
    const namespace = await all.client.get(NAMESPACE, { name: `ws-${name}` });
    expect(namespace?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'app.kubernetes.io/managed-by': 'hortus-operator',
      'app.kubernetes.io/part-of': 'hortus',
      [WORKSPACE_NAMES.workspaceLabel]: name,
    });
    expect(await read(SERVICE_ACCOUNT, name, 'default')).toMatchObject({ automountServiceAccountToken: false });
    const deny = await read(NETWORK_POLICY, name, 'hortus-deny-all');
    expect(deny).toMatchObject({ spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } });
    expect(await read(ROLE_BINDING, name, 'hortus-owners')).toMatchObject({
      roleRef: { name: 'hortus-workspace-owner' },
      subjects: [{ kind: 'User', name: 'oidc:ann@example.com' }],
    });
  });

  it(
    'takes a child away when its field is removed, and changes it when it is changed (pain 13)',
    async () => {
      const name = all.newName();
      const bob = { email: 'bob@example.com', role: 'member' } as const;
      const ann = { email: 'ann@example.com', role: 'owner' } as const;
      await all.put(name, { quota: { cpu: 1, pods: 5 }, members: [ann, bob], network: { internet: 'Allowed' } });
      await all.until(name, 'Ready', 'True');
      expect(await all.children(name)).toContain('NetworkPolicy hortus-allow-internet');
      await all.put(name, { quota: { cpu: 2 }, members: [ann, bob], network: { internet: 'Allowed' } });
      await all.until(name, 'Ready', 'True');
      expect(await read(RESOURCE_QUOTA, name, 'hortus-workspace')).toMatchObject({
        spec: { hard: { 'limits.cpu': '2', 'requests.cpu': '2' } },
      });
      expect((await read(RESOURCE_QUOTA, name, 'hortus-workspace'))?.['spec']).not.toHaveProperty('hard.pods');
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      expect(await all.children(name)).toEqual([...ALWAYS, `Namespace ws-${name}`].sort());
    },
    TIMEOUT_MS,
  );

  it(
    'has every child put right when somebody changes or deletes it, and says who did (pain 2)',
    async () => {
      const name = all.newName();
      await all.put(name, { quota: { cpu: 1 } });
      await all.until(name, 'Ready', 'True');
      const namespace = `ws-${name}`;
      const changes: readonly (readonly [Resource, string, object])[] = [
        [RESOURCE_QUOTA, 'hortus-workspace', { spec: { hard: { 'limits.cpu': '99' } } }],
        [LIMIT_RANGE, 'hortus-workspace', { spec: { limits: [] } }],
        [NETWORK_POLICY, 'hortus-deny-all', { spec: { policyTypes: ['Ingress'] } }],
        [
          ROLE_BINDING,
          'hortus-owners',
          { subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve' }] },
        ],
        [SERVICE_ACCOUNT, 'default', { automountServiceAccountToken: true }],
        [NAMESPACE, namespace, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } }],
      ];
      const drifted = async (kind: string): Promise<boolean> =>
        (await all.get(name))?.status?.drift?.some((one) => one.kind === kind && one.manager === fieldManager) ?? false;
      for (const [resource, object, patch] of changes) {
        const place = resource.isNamespaced ? { name: object, namespace } : { name: object };
        const before = await all.client.get<Manifest>(resource, place);
        await all.client.merge(resource, place, patch, { fieldManager });
        await until(`${resource.kind} to be put right`, () => drifted(resource.kind));
        const after = await all.client.get<Manifest>(resource, place);
        expect(after?.['spec']).toEqual(before?.['spec']);
        expect(after?.metadata.labels).toEqual(before?.metadata.labels);
        expect(after?.['subjects']).toEqual(before?.['subjects']);
        expect(after?.['automountServiceAccountToken']).toEqual(before?.['automountServiceAccountToken']);
      }
      for (const [resource, object] of changes.filter(([{ isNamespaced }]) => isNamespaced)) {
        const before = await all.client.get(resource, { name: object, namespace });
        await all.client.delete(resource, { name: object, namespace });
        await until(`${resource.kind} to be back`, async () => {
          const after = await all.client.get(resource, { name: object, namespace });
          const isLabelled = after?.metadata.labels?.[WORKSPACE_NAMES.workspaceLabel] === name;
          return isLabelled && after.metadata.uid !== before?.metadata.uid;
        });
      }
      const { status } = await all.until(name, 'Ready', 'True');
      expect(status?.lastDriftAt).toBeDefined();
      expect(status?.drift?.find(({ kind }) => kind === 'NetworkPolicy')).toMatchObject({ count: 2, fields: [] });
    },
    TIMEOUT_MS,
  );

  it(
    'gets copies of what is shared, and follows its source (pain 8: nothing that its owner has not shared)',
    async () => {
      const name = all.newName();
      const shared = {
        namespace: all.cluster.namespace,
        name: `pull-${name}`,
        labels: { 'hortus.dev/shared': 'true' },
      };
      await all.put(name, { copies: [{ kind: 'Secret', name: shared.name }] });
      const stalled = await all.until(name, 'Stalled', 'True', 'SourceMissing');
      expect(conditionOf(stalled.status?.conditions, 'Ready')?.message).toContain(`Secret ${shared.name}`);
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: shared, type: 'Opaque', data: { a: 'MQ==' } };
      await all.client.apply(SECRET, secret, { fieldManager });
      await all.until(name, 'Ready', 'True');
      expect(await read(SECRET, name, shared.name)).toMatchObject({ data: { a: 'MQ==' } });
      await all.client.apply(SECRET, { ...secret, data: { a: 'Mg==' } }, { fieldManager });
      await until(
        'the copy to follow',
        async () => (await read<Manifest & { data: { a: string } }>(SECRET, name, shared.name))?.data.a === 'Mg==',
      );
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      await until('the copy to go', async () => (await read(SECRET, name, shared.name)) === undefined);
    },
    TIMEOUT_MS,
  );

  it(
    'runs a gardener of its own, which is not called ready before its pods are, and rests when suspended',
    async () => {
      const name = all.newName();
      await all.put(name, { gardener: { mode: 'dedicated', replicas: 2, resources: { cpu: '500m' } } });
      const waiting = await all.until(name, 'GardenerReady', 'False', 'GardenerUnavailable');
      expect(conditionOf(waiting.status?.conditions, 'Ready')?.status).toBe('False');
      expect(conditionOf(waiting.status?.conditions, 'Reconciling')?.status).toBe('True');
      expect(await all.children(name)).toEqual(
        expect.arrayContaining([
          'Deployment hortus-gardener',
          'NetworkPolicy hortus-gardener',
          'PodDisruptionBudget hortus-gardener',
          'ServiceAccount hortus-gardener',
        ]),
      );
      await all.put(name, { gardener: { mode: 'dedicated', replicas: 2, resources: { cpu: '500m' } }, suspend: true });
      const resting = await all.until(name, 'Suspended', 'True');
      expect(resting.status?.gardener).toMatchObject({ replicas: 0, mode: 'dedicated' });
      expect(await read(DEPLOYMENT, name, 'hortus-gardener')).toMatchObject({ spec: { replicas: 0 } });
      expect(all.hortus.workspaces.get(workspaceIdOf(resting))?.isSuspended).toBe(true);
      await all.until(name, 'Ready', 'True');
      await all.put(name);
      const awake = await all.until(name, 'Ready', 'True');
      expect(conditionOf(awake.status?.conditions, 'Suspended')?.status).toBe('False');
      await until(
        'the gardener to go',
        async () => !(await all.children(name)).some((one) => one.includes('gardener')),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'is left alone while it is paused, and looked after again when it is not',
    async () => {
      const name = all.newName();
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      await all.put(name, {}, { [WORKSPACE_NAMES.pausedAnnotation]: 'true' });
      await all.until(name, 'Paused', 'True');
      await all.client.delete(LIMIT_RANGE, { name: 'hortus-workspace', namespace: `ws-${name}` });
      const before = operator.writes().length;
      await all.put(name, { displayName: 'Changed' }, { [WORKSPACE_NAMES.pausedAnnotation]: 'true' });
      await until('the operator to have seen it', () => operator.cache.workspace(name)?.metadata.generation === 2);
      expect(await read(LIMIT_RANGE, name, 'hortus-workspace')).toBeUndefined();
      expect(
        operator
          .writes()
          .slice(before)
          .filter(({ path }) => path.includes(`/namespaces/ws-${name}`)),
      ).toEqual([]);
      await all.put(name, { displayName: 'Changed' });
      await all.until(name, 'Paused', 'False');
      await all.until(name, 'Ready', 'True');
      expect(await read(LIMIT_RANGE, name, 'hortus-workspace')).toBeDefined();
    },
    TIMEOUT_MS,
  );

  it(
    'leaves nothing when it is deleted, but the workspace in Hortus where that is to be retained (pain 9)',
    async () => {
      const [kept, removed] = [all.newName(), all.newName()];
      await all.put(kept);
      await all.put(removed, { deletionPolicy: 'Delete' });
      const ids = await Promise.all(
        [kept, removed].map(async (name) => workspaceIdOf(await all.until(name, 'Ready', 'True'))),
      );
      for (const name of [kept, removed]) await all.client.delete(WORKSPACE, { name });
      for (const name of [kept, removed]) {
        await all.untilGone(name);
        expect(await all.children(name)).toEqual([]);
        expect(await all.client.get(NAMESPACE, { name: `ws-${name}` })).toBeUndefined();
      }
      expect(all.hortus.workspaces.get(ids[0] ?? '')).toMatchObject({ resource: null });
      expect(all.hortus.workspaces.has(ids[1] ?? '')).toBe(false);
      expect(all.hortus.removed.has(ids[1] ?? '')).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'names the step that holds its deletion up, and is not Ready meanwhile (pain 9)',
    async () => {
      const name = all.newName();
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      all.hortus.isAway = true;
      await all.client.delete(WORKSPACE, { name });
      await until('the step to be named', async () => {
        const status = (await all.get(name))?.status;
        const blocked = conditionOf(status?.conditions, 'DeletionBlocked');
        const ready = conditionOf(status?.conditions, 'Ready');
        return (
          blocked?.status === 'True' && blocked.message.includes('Waiting for Hortus') && ready?.status === 'False'
        );
      });
      expect(await all.client.get(NAMESPACE, { name: `ws-${name}` })).toBeDefined();
      all.hortus.isAway = false;
      await all.untilGone(name);
    },
    TIMEOUT_MS,
  );
});
