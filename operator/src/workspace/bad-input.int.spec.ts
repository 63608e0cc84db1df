import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKSPACE_NAMES, type WorkspaceSpec } from '@hortus/contracts/workspace-resource';
import {
  OWNER,
  joinTestWorkspaces,
  until,
  type RunningOperator,
  type TestWorkspaces,
} from '../../../tools/test/fixtures/operator.ts';
import { conditionOf } from '../kube/conditions.ts';
import { CONFIG_MAP, NAMESPACE, ROLE_BINDING, type Manifest } from './kinds.ts';
import { WORKSPACE, workspaceIdOf } from './workspace.ts';

const TIMEOUT_MS = 60_000;
const fieldManager = 'kubectl-edit';
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ email: `p${String(n)}@example.com`, role: 'owner' as const }));

/** What the API server refuses by itself, with the sentence. */
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['a quantity that is none', { quota: { cpu: 'much' } }, 'spec.quota.cpu: Invalid value: "much": is no quantity'],
  ['a negative quantity', { quota: { memory: '-1Gi' } }, 'must not be negative'],
  ['10,000 members', { members: many(10_000) }, 'spec.members: Too many: 10000: must have at most 300 items'],
  ['a member twice', { members: [OWNER, OWNER] }, 'duplicate entries for key [email="ann@example.com"]'],
  ['no owner', { members: [{ email: 'a@example.com', role: 'member' }] }, 'at least one member with the role owner'],
  [
    'an address in capitals',
    { members: [{ email: 'Ann@example.com', role: 'owner' }] },
    'one e-mail address in lower case',
  ],
  ['a reserved slug', { slug: 'admin' }, 'is kept for the product itself: choose another slug'],
  ['a slug of 64 characters', { slug: 'a'.repeat(64) }, 'spec.slug: Too long'],
  ['a slug in capitals', { slug: 'Blue' }, 'must be lower-case letters, digits and single hyphens'],
  ['a namespace of the cluster', { namespace: { name: 'kube-system' } }, 'is a namespace of the cluster itself'],
  ['a range that is none', { network: { to: [{ cidr: '10.0.0' }] } }, 'is no range of addresses'],
  ['both of what excludes each other', { network: { to: [{ cidr: '10.0.0.0/8', namespace: 'x' }] } }, 'and not both'],
  ['replicas of the shared gardener', { gardener: { mode: 'shared', replicas: 2 } }, 'set mode to dedicated'],
];

describe('bad input', () => {
  let all: TestWorkspaces;
  let operator: RunningOperator;

  beforeAll(async () => {
    all = await joinTestWorkspaces();
    operator = await all.start();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await all.close();
  }, TIMEOUT_MS);

  it.each(REFUSED)('%s is refused when it is applied', async (_what, spec, sentence) => {
    await expect(all.put(all.newName(), spec as Partial<WorkspaceSpec>)).rejects.toThrow(sentence);
  });

  it('names too long for a namespace, and changes of what can not change, are refused', async () => {
    await expect(all.put('a'.repeat(61), { slug: 'long' })).rejects.toThrow('at most 60 characters');
    const name = all.newName();
    await all.put(name);
    await expect(all.put(name, { slug: `${name}-2` })).rejects.toThrow('cannot change, so that addresses stay');
    await expect(all.put(name, { namespace: { name: 'elsewhere' } })).rejects.toThrow('namespace.name cannot change');
    const id = '5f0f8e0a-0000-4000-8000-000000000000';
    await expect(all.put(name, { workspaceId: id })).rejects.toThrow('workspaceId cannot change');
  });

  const stalls = async (name: string, reason: string): Promise<string> => {
    const { status } = await all.until(name, 'Stalled', 'True', reason);
    expect(conditionOf(status?.conditions, 'Ready')).toMatchObject({ status: 'False', reason });
    expect(conditionOf(status?.conditions, 'Reconciling')?.status).toBe('False');
    return conditionOf(status?.conditions, 'Stalled')?.message ?? '';
  };

  it(
    'a slug that another workspace has stalls, and others are unaffected',
    async () => {
      const [taken, good] = [all.newName(), all.newName()];
      const id = '5f0f8e0a-1111-4000-8000-000000000000';
      all.hortus.workspaces.set(id, {
        id,
        slug: taken,
        name: taken,
        resource: null,
        members: [],
        quota: { bytesMax: null, artifactsMax: null },
        isSuspended: false,
        isDeleted: false,
      });
      await all.put(taken);
      await all.put(good);
      expect(await stalls(taken, 'SlugInUse')).toContain('Choose another one');
      await all.until(good, 'Ready', 'True');
      // Its deletion leaves the workspace of the others as it is.
      await all.client.delete(WORKSPACE, { name: taken });
      await all.untilGone(taken);
      expect(all.hortus.workspaces.get(id)).toMatchObject({ resource: null, slug: taken });
    },
    TIMEOUT_MS,
  );

  it(
    'two resources of one slug: the older has it, the younger stalls and takes over when it may',
    async () => {
      const [older, younger] = [all.newName(), all.newName()];
      await all.put(older);
      await all.until(older, 'Ready', 'True');
      // Creation has whole seconds.
      await until('the clock to go on', async () => {
        const { creationTimestamp = '' } = (await all.get(older))?.metadata ?? {};
        return Date.now() > Date.parse(creationTimestamp) + 1000;
      });
      await all.put(younger, { slug: older });
      expect(await stalls(younger, 'DeclaredElsewhere')).toContain(older);
      await all.client.delete(WORKSPACE, { name: older });
      await all.untilGone(older);
      await all.until(younger, 'Ready', 'True');
    },
    TIMEOUT_MS,
  );

  it(
    'a namespace that stands is not taken without the consent of both sides, and outlives the workspace (pains 6, 7, 8)',
    async () => {
      const name = all.newName();
      const namespace = `own-${name}`;
      const at = { name: namespace };
      await all.client.create(
        NAMESPACE,
        { metadata: { name: namespace, labels: { theirs: 'yes' } } },
        { fieldManager },
      );
      const kept = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace } };
      await all.client.create(CONFIG_MAP, kept, { fieldManager });
      await all.put(name, { namespace: { name: namespace } });
      expect(await stalls(name, 'NamespaceTaken')).toContain('spec.namespace.adopt');
      const consent = { metadata: { annotations: { [WORKSPACE_NAMES.adoptAnnotation]: name } } };
      await all.client.merge(NAMESPACE, at, consent, { fieldManager });
      await until('the operator to have seen it', () => {
        return operator.cache.namespace(namespace)?.metadata.annotations?.[WORKSPACE_NAMES.adoptAnnotation] === name;
      });
      expect(await stalls(name, 'NamespaceTaken')).not.toBe('');
      expect(await all.children(name)).toEqual([]);
      await all.put(name, { namespace: { name: namespace, adopt: 'WithConsent' } });
      await all.until(name, 'Ready', 'True');
      await all.client.delete(WORKSPACE, { name });
      await all.untilGone(name);
      const left = await all.client.get(NAMESPACE, at);
      expect(left?.metadata.deletionTimestamp).toBeUndefined();
      expect(left?.metadata.labels).toEqual({ theirs: 'yes', 'kubernetes.io/metadata.name': namespace });
      expect(left?.metadata.annotations ?? {}).toEqual({});
      expect(await all.client.get(CONFIG_MAP, { name: 'theirs', namespace })).toBeDefined();
      expect(await all.children(name)).toEqual([]);
      await all.client.delete(NAMESPACE, at);
    },
    TIMEOUT_MS,
  );

  it(
    'a label that was forged makes nothing ours: neither adopted nor deleted (pain 8)',
    async () => {
      const name = all.newName();
      await all.put(name);
      const workspace = await all.until(name, 'Ready', 'True');
      const labels = {
        [WORKSPACE_NAMES.workspaceLabel]: name,
        [WORKSPACE_NAMES.workspaceIdLabel]: workspaceIdOf(workspace),
        [WORKSPACE_NAMES.managedByLabel]: WORKSPACE_NAMES.managedBy,
      };
      const annotations = { [WORKSPACE_NAMES.hashAnnotation]: 'forged' };
      const metadata = { name: 'forged', namespace: all.cluster.namespace, labels, annotations };
      await all.client.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata }, { fieldManager });
      await all.put(name, { displayName: 'Again' });
      await all.until(name, 'Ready', 'True');
      expect(await all.client.get(CONFIG_MAP, metadata)).toBeDefined();
    },
    TIMEOUT_MS,
  );

  it(
    'a namespace that is being deleted is waited for, and made anew',
    async () => {
      const name = all.newName();
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      const before = await all.client.get(NAMESPACE, { name: `ws-${name}` });
      await all.client.delete(NAMESPACE, { name: `ws-${name}` });
      await all.until(name, 'NamespaceReady', 'False', 'NamespaceTerminating');
      await all.until(name, 'Ready', 'True');
      expect((await all.client.get(NAMESPACE, { name: `ws-${name}` }))?.metadata.uid).not.toBe(before?.metadata.uid);
    },
    TIMEOUT_MS,
  );

  it(
    'a finalizer and a status that were edited by hand are put right',
    async () => {
      const name = all.newName();
      await all.put(name);
      const ready = await all.until(name, 'Ready', 'True');
      const lie = {
        status: {
          conditions: [{ ...conditionOf(ready.status?.conditions, 'Ready'), status: 'False', reason: 'Lie' }],
          namespace: 'kube-system',
        },
      };
      await all.client.merge(WORKSPACE, { name }, lie, { fieldManager, subresource: 'status' });
      await until('the status to be true again', async () => {
        const { status } = (await all.get(name)) ?? {};
        return status?.namespace === `ws-${name}` && conditionOf(status.conditions, 'Ready')?.reason === 'Ready';
      });
      await all.client.merge(WORKSPACE, { name }, { metadata: { finalizers: [] } }, { fieldManager });
      await until('the finalizer to be back', async () => (await all.get(name))?.metadata.finalizers?.length === 1);
    },
    TIMEOUT_MS,
  );

  it(
    'a role binding that points elsewhere, which can not be changed, is replaced',
    async () => {
      const name = all.newName();
      await all.put(name);
      await all.until(name, 'Ready', 'True');
      const place = { name: 'hortus-owners', namespace: `ws-${name}` };
      const standing = await all.client.get<Manifest>(ROLE_BINDING, place);
      const { labels = {}, annotations = {} } = standing?.metadata ?? {};
      await all.client.delete(ROLE_BINDING, place);
      await until('it to be back', async () => (await all.client.get(ROLE_BINDING, place)) !== undefined);
      const evil = {
        ...standing,
        metadata: { ...place, labels, annotations },
        roleRef: { ...(standing?.['roleRef'] as object), name: 'view' },
      };
      await until('it to be replaced by somebody', async () => {
        await all.client.delete(ROLE_BINDING, place);
        return all.client.create(ROLE_BINDING, evil, { fieldManager }).then(
          () => true,
          () => false,
        );
      });
      await until('the right one to be back', async () => {
        const now = await all.client.get<Manifest & { roleRef?: { name: string } }>(ROLE_BINDING, place);
        return now?.roleRef?.name === 'hortus-workspace-owner';
      });
    },
    TIMEOUT_MS,
  );
});
