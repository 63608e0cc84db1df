import { describe, expect, it } from '@jest/globals';
import { WORKSPACE_NAMES, type WorkspaceSpec } from '@hortus/contracts/workspace-resource';
import { CONFIG_MAP, type Manifest } from './kinds.ts';
import { childKey, plan, type Observed } from './plan.ts';
import { findRival, workspaceIdOf, type Workspace } from './workspace.ts';

const SETTINGS = { sharedNamespace: 'shared', hortusNamespace: 'hortus', userPrefix: '', gardenerImage: 'image' };
const NOTHING: Observed = {
  namespace: undefined,
  rival: undefined,
  labelled: [],
  members: undefined,
  manager: 'kubectl',
  findSource: () => undefined,
};

function workspace(spec: Partial<WorkspaceSpec> = {}, name = 'blue', createdAt = '2026-01-01T00:00:00Z'): Workspace {
  return {
    metadata: { name, generation: 1, creationTimestamp: createdAt },
    spec: { slug: 'blue-team', members: [{ email: 'ann@example.com', role: 'owner' }], ...spec },
  };
}

const ALWAYS = [
  'LimitRange ws-blue/hortus-workspace',
  'NetworkPolicy ws-blue/hortus-allow-dns',
  'NetworkPolicy ws-blue/hortus-allow-within',
  'NetworkPolicy ws-blue/hortus-deny-all',
  'RoleBinding ws-blue/hortus-owners',
  'ServiceAccount ws-blue/default',
  'ServiceAccount ws-blue/hortus-workspace',
];
const GARDENER = ['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceAccount'];

function keys(spec: Partial<WorkspaceSpec>, observed: Partial<Observed> = {}): string[] {
  const { children } = plan(workspace(spec), { ...NOTHING, ...observed }, SETTINGS);
  return children.map(({ resource, object }) => childKey(resource, object)).sort();
}

describe('the plan of a workspace', () => {
  const shared: Manifest = { metadata: { name: 'ca', namespace: 'shared' }, data: { a: '1' } };
  const token: Manifest = { metadata: { name: 'ca' }, type: 'kubernetes.io/service-account-token' };

  it.each<[string, Partial<WorkspaceSpec>, Partial<Observed>, readonly string[], readonly string[]]>([
    ['nothing but what is needed', {}, {}, [], []],
    ['a quota of the cluster', { quota: { cpu: 1 } }, {}, ['ResourceQuota ws-blue/hortus-workspace'], []],
    ['a quota of Hortus only', { quota: { storage: '1Gi', artifacts: 3 } }, {}, [], []],
    ['the internet', { network: { internet: 'Allowed' } }, {}, ['NetworkPolicy ws-blue/hortus-allow-internet'], []],
    ['no traffic within', { network: { within: 'Denied' } }, {}, [], ['NetworkPolicy ws-blue/hortus-allow-within']],
    [
      'doors in both directions',
      { network: { from: [{ namespace: 'a' }], to: [{ cidr: '10.0.0.0/8' }] } },
      {},
      ['NetworkPolicy ws-blue/hortus-allow-from', 'NetworkPolicy ws-blue/hortus-allow-to'],
      [],
    ],
    [
      'a gardener of its own',
      { gardener: { mode: 'dedicated' } },
      {},
      GARDENER.map((kind) => `${kind} ws-blue/hortus-gardener`),
      [],
    ],
    [
      'what is shared',
      { copies: [{ kind: 'ConfigMap', name: 'ca' }] },
      { findSource: () => shared },
      ['ConfigMap ws-blue/ca'],
      [],
    ],
    [
      'no token of a service account',
      { copies: [{ kind: 'Secret', name: 'ca' }] },
      { findSource: () => token },
      [],
      [],
    ],
  ])('holds %s', (...[, spec, observed, more, less]) => {
    expect(keys(spec, observed)).toEqual([...ALWAYS, ...more].filter((key) => !less.includes(key)).sort());
  });

  it('leaves access to Hortus where the resource does not declare it, and takes nobody’s away before it was asked', () => {
    const binding = {
      resource: {
        group: 'rbac.authorization.k8s.io',
        version: 'v1',
        kind: 'RoleBinding',
        plural: 'rolebindings',
        isNamespaced: true,
      },
      object: {
        metadata: {
          name: 'hortus-members',
          namespace: 'ws-blue',
          labels: { [WORKSPACE_NAMES.managedByLabel]: WORKSPACE_NAMES.managedBy },
          annotations: { [WORKSPACE_NAMES.hashAnnotation]: 'x' },
        },
      },
    };
    const spec = { slug: 'blue-team', workspaceId: '5f0f8e0a-0000-4000-8000-000000000000' };
    const undeclared = { ...workspace(), spec };
    const before = plan(undeclared, { ...NOTHING, labelled: [binding] }, SETTINGS);
    expect(before.obsolete).toEqual([]);
    expect(before.declaration).not.toHaveProperty('members');
    const members = [{ email: 'eve@example.com', role: 'owner' as const }];
    const after = plan(undeclared, { ...NOTHING, labelled: [binding], members }, SETTINGS);
    expect(after.obsolete).toEqual([binding]);
    expect(after.children.map(({ object }) => object.metadata.name)).toContain('hortus-owners');
  });

  it.each([
    ['in another namespace', { namespace: 'elsewhere' }],
    ['without the mark of our own writes', { annotations: {} }],
    ['of another manager', { labels: { [WORKSPACE_NAMES.managedByLabel]: 'helm' } }],
  ])('does not remove what carries its label %s', (_where, metadata) => {
    const object = {
      metadata: {
        name: 'forged',
        namespace: 'ws-blue',
        labels: { [WORKSPACE_NAMES.managedByLabel]: WORKSPACE_NAMES.managedBy },
        annotations: { [WORKSPACE_NAMES.hashAnnotation]: 'x' },
      },
    };
    const own = { resource: CONFIG_MAP, object };
    const foreign = { resource: CONFIG_MAP, object: { metadata: { ...object.metadata, ...metadata } } };
    expect(plan(workspace(), { ...NOTHING, labelled: [own, foreign] }, SETTINGS).obsolete).toEqual([own]);
  });

  it('declares to Hortus what is declared, and nothing else: that is what is locked in the browser', () => {
    const { declaration } = plan(workspace({ quota: { storage: '1Ki' }, suspend: true }), NOTHING, SETTINGS);
    expect(declaration).toEqual({
      resource: 'blue',
      manager: 'kubectl',
      slug: 'blue-team',
      members: [{ email: 'ann@example.com', role: 'owner' }],
      quota: { bytesMax: 1024 },
      isSuspended: true,
    });
  });

  const id = workspaceIdOf(workspace());
  const ours = {
    labels: { [WORKSPACE_NAMES.workspaceLabel]: 'blue', [WORKSPACE_NAMES.workspaceIdLabel]: id },
    annotations: { [WORKSPACE_NAMES.hashAnnotation]: 'x' },
  };
  const consent = { annotations: { [WORKSPACE_NAMES.adoptAnnotation]: 'blue' } };
  it.each([
    ['missing', undefined, 'Never'],
    ['ours', ours, 'Never'],
    ['ours', { ...ours, uid: 'of another cluster' }, 'Never'],
    ['taken', { ...ours, labels: { [WORKSPACE_NAMES.workspaceLabel]: 'blue' } }, 'Never'],
    ['taken', {}, 'WithConsent'],
    ['taken', consent, 'Never'],
    ['taken', { annotations: { [WORKSPACE_NAMES.adoptAnnotation]: 'red' } }, 'WithConsent'],
    ['adoptable', consent, 'WithConsent'],
    ['terminating', { ...ours, deletionTimestamp: 'now' }, 'Never'],
  ] as const)('finds a namespace %s', (state, metadata, adopt) => {
    const namespace = metadata === undefined ? undefined : { metadata: { name: 'ws-blue', ...metadata } };
    expect(plan(workspace({ namespace: { adopt } }), { ...NOTHING, namespace }, SETTINGS).namespaceState).toBe(state);
  });
});

describe('the id of a workspace', () => {
  it('follows from the slug, and is a UUID of version 5', () => {
    expect(workspaceIdOf(workspace())).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(workspaceIdOf(workspace({}, 'renamed'))).toBe(workspaceIdOf(workspace()));
    expect(workspaceIdOf(workspace({ slug: 'red-team' }))).not.toBe(workspaceIdOf(workspace()));
  });

  it('belongs to the oldest of several that mean it', () => {
    const [first, second] = [workspace({}, 'z', '2026-01-01T00:00:00Z'), workspace({}, 'a', '2026-01-02T00:00:00Z')];
    expect(findRival(second, [first])).toBe('z');
    expect(findRival(first, [second])).toBeUndefined();
    expect(findRival(first, [])).toBeUndefined();
  });
});
