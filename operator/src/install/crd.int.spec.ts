import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKSPACE_RESOURCE, type WorkspaceSpec } from '@hortus/contracts/workspace-resource';
import { joinTestCluster, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import { installCrd } from '../../../tools/test/fixtures/install-crd.ts';
import type { Manifest } from '../../../tools/test/fixtures/manifests.ts';
import { KubeError } from '../kube/kube-error.ts';
import type { KubeObject, Resource } from '../kube/resource.ts';
import { TokenBucket } from '../kube/token-bucket.ts';
import { Transport } from '../kube/transport.ts';

const { group, version, kind, plural } = WORKSPACE_RESOURCE;
const WORKSPACE: Resource = { group, version, kind, plural, isNamespaced: false };
const ID = '0193e1a0-0000-7000-8000-000000000001';

interface Workspace extends KubeObject {
  spec: Partial<WorkspaceSpec>;
}
type Spec = Readonly<Record<string, unknown>>;

/** A spec that is refused, the sentence that says so, and how it is right. */
interface Case {
  readonly sentence: RegExp;
  readonly bad: Spec;
  readonly good: Spec;
  /** What stands before: the case is about a change. */
  readonly before?: Spec;
}

const member = (email: string, role = 'owner') => ({ email, role });
const ann = member('ann@example.com');
const network = (to: object) => ({ network: { to: [to] } });

const CASES: readonly Case[] = [
  { sentence: /addresses stay/, before: { slug: 'blue' }, bad: { slug: 'green' }, good: { slug: 'blue' } },
  { sentence: /single hyphens between them/, bad: { slug: 'Blue_Team' }, good: { slug: 'blue-team' } },
  { sentence: /kept for the product itself/, bad: { slug: 'admin' }, good: { slug: 'admins' } },
  { sentence: /one line with something to see/, bad: { displayName: ' ' }, good: { displayName: 'Blue' } },
  { sentence: /one line with something to see/, bad: { displayName: 'a\nb' }, good: { displayName: 'a b' } },
  { sentence: /id of a workspace, as the browser shows it/, bad: { workspaceId: 'x' }, good: { workspaceId: ID } },
  { sentence: /workspaceId cannot change/, before: {}, bad: { workspaceId: ID }, good: {} },
  { sentence: /namespace\.name cannot change/, before: {}, bad: { namespace: { name: 'b' } }, good: { namespace: { adopt: 'WithConsent' } } },
  { sentence: /since namespaces cannot be renamed/, before: { namespace: { name: 'a' } }, bad: { namespace: { name: 'b' } }, good: { namespace: { name: 'a', adopt: 'WithConsent' } } },
  { sentence: /must be the name of a namespace/, bad: { namespace: { name: 'A.b' } }, good: { namespace: { name: 'a-b' } } },
  { sentence: /namespace of the cluster itself/, bad: { namespace: { name: 'kube-system' } }, good: { namespace: { name: 'kubes' } } },
  { sentence: /namespace of the cluster itself/, bad: { namespace: { name: 'default' } }, good: { namespace: { name: 'defaults' } } },
  { sentence: /at least one member with the role owner/, bad: { members: [member('ann@example.com', 'admin')] }, good: { members: [ann] } },
  { sentence: /one e-mail address in lower case/, bad: { members: [member('Ann@example.com')] }, good: { members: [ann] } },
  { sentence: /one e-mail address in lower case/, bad: { members: [member('ann')] }, good: { members: [ann] } },
  { sentence: /declare members with at least one owner, or name by workspaceId/, bad: { members: undefined }, good: { members: undefined, workspaceId: ID } },
  { sentence: /is no quantity/, bad: { quota: { cpu: 'many' } }, good: { quota: { cpu: 4 } } },
  { sentence: /must not be negative/, bad: { quota: { memory: '-1Gi' } }, good: { quota: { memory: '1Gi' } } },
  { sentence: /no range of addresses/, bad: network({ cidr: '10.0.0.0/99' }), good: network({ cidr: '10.0.0.0/8' }) },
  { sentence: /either cidr or namespace, and not both/, bad: network({ cidr: '10.0.0.0/8', namespace: 'a' }), good: network({ namespace: 'a' }) },
  { sentence: /either cidr or namespace, and not both/, bad: network({}), good: network({ cidr: 'fd00::/8' }) },
  { sentence: /set mode to dedicated, or leave them out/, bad: { gardener: { mode: 'shared', replicas: 2 } }, good: { gardener: { mode: 'dedicated', replicas: 2 } } },
  { sentence: /must be the name of an object/, bad: { copies: [{ kind: 'Secret', name: 'A b' }] }, good: { copies: [{ kind: 'Secret', name: 'a.b' }] } },
]; // prettier-ignore

/** What no rule says but the schema itself. */
const BOUNDS: readonly [string, Spec, RegExp][] = [
  ['a slug of one character', { slug: 'a' }, /spec\.slug/],
  ['a slug of 64 characters', { slug: 'a'.repeat(64) }, /spec\.slug/],
  ['a member twice', { members: [ann, ann] }, /Duplicate value/],
  ['a role that there is not', { members: [member('ann@example.com', 'boss')] }, /supported values/],
  ['10,000 members', { members: Array.from({ length: 10_000 }, (_, at) => member(`p${String(at)}@example.com`)) }, /must have at most 300 items/],
  ['no members', { members: [] }, /at least 1 items/],
  ['a mode that there is not', { gardener: { mode: 'own' } }, /supported values/],
  ['a negative number of artifacts', { quota: { artifacts: -1 } }, /spec\.quota\.artifacts/],
]; // prettier-ignore

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly 'x-kubernetes-validations'?: readonly { message: string }[];
}

function partsOf(schema: Schema): Schema[] {
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [schema, ...inner.flatMap(partsOf)];
}

describe('the definition of the resource, in a real API server,', () => {
  let cluster: TestCluster;
  let crd: Manifest;
  beforeAll(async () => {
    cluster = await joinTestCluster();
    crd = await installCrd(cluster);
  }, 90_000);
  afterAll(() => cluster.close());

  const workspace = (name: string, spec: Spec): Workspace => ({
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name },
    spec: JSON.parse(JSON.stringify({ slug: 'blue', members: [ann], ...spec })) as Partial<WorkspaceSpec>,
  });
  const tryOut = (object: Workspace) =>
    cluster.client.apply(WORKSPACE, object, { fieldManager: 'test', isDryRun: true });
  async function withStanding<Result>(
    spec: Spec | undefined,
    work: (name: string) => Promise<Result>,
  ): Promise<Result> {
    const name = `${cluster.namespace}-crd`;
    if (spec === undefined) return work(name);
    await cluster.client.apply(WORKSPACE, workspace(name, spec), { fieldManager: 'test' });
    try {
      return await work(name);
    } finally {
      await cluster.client.delete(WORKSPACE, { name });
    }
  }

  it.each(CASES.map((one, index) => [`${String(index)} ${String(one.sentence)}`, one] as const))(
    'refuses with a sentence, and takes what is right: %s',
    async (_name, { sentence, bad, good, before }) => {
      await withStanding(before, async (name) => {
        const refusal: unknown = await tryOut(workspace(name, bad)).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(KubeError);
        expect([(refusal as KubeError).code, (refusal as KubeError).message]).toEqual([
          422,
          expect.stringMatching(sentence),
        ]);
        await expect(tryOut(workspace(name, good))).resolves.toMatchObject({ kind });
      });
    },
  );

  it.each(BOUNDS)('refuses %s', async (_what, spec, sentence) => {
    // Not by server-side apply, which answers members twice with 500.
    const created = cluster.client.create(WORKSPACE, workspace(cluster.namespace, spec), { fieldManager: 'test' });
    await expect(created).rejects.toThrow(sentence);
  });

  it('refuses a name from which no namespace could be called', async () => {
    const sentence = /metadata\.name must be lower-case letters/;
    await expect(tryOut(workspace('a.b', {}))).rejects.toThrow(sentence);
    await expect(tryOut(workspace('a'.repeat(61), {}))).rejects.toThrow(sentence);
    await expect(tryOut(workspace('a'.repeat(60), {}))).resolves.toMatchObject({ kind });
  });

  it('has no rule that is not tried here', () => {
    const { versions } = (crd as unknown as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } }).spec;
    const messages = versions.flatMap(({ schema }) =>
      partsOf(schema.openAPIV3Schema).flatMap((part) => part['x-kubernetes-validations'] ?? []),
    );
    const sentences = [...CASES.map(({ sentence }) => sentence), /metadata\.name must be/];
    const untried = messages.map(({ message }) => message).filter((text) => !sentences.some((one) => one.test(text)));
    expect(untried).toEqual([]);
    expect(messages.length).toBeGreaterThan(20);
  });

  it('fills in what a member and a gardener are by default', async () => {
    const answer = await tryOut(
      workspace(cluster.namespace, { members: [ann, { email: 'bob@example.com' }], gardener: {} }),
    );
    expect(answer.spec).toMatchObject({ members: [ann, { role: 'member' }], gardener: { mode: 'shared' } });
  });

  it('tells `kubectl explain` what each field is', async () => {
    const transport = new Transport({
      endpoint: cluster.endpoint,
      bucket: new TokenBucket({ perSecond: 1000, burst: 1000 }),
      userAgent: 'hortus-test',
    });
    try {
      const path = `/openapi/v3/apis/${group}/${version}`;
      const { components } = await transport.request<{ components: { schemas: Record<string, Schema> } }>({
        method: 'GET',
        path,
      });
      const schema = Object.entries(components.schemas).find(([name]) => name.endsWith(`.${kind}`))?.[1];
      const { spec, status } = schema?.properties ?? {};
      const parts = [spec, status].flatMap((part) => (part === undefined ? [] : partsOf(part)));
      expect(parts.length).toBeGreaterThan(60);
      expect(parts.filter(({ description = '' }) => description === '')).toEqual([]);
      expect(schema?.description).toMatch(/^A workspace of Hortus/);
    } finally {
      await transport.close();
    }
  });

  it('keeps the status apart, prints columns and knows the short name', async () => {
    const name = `${cluster.namespace}-table`;
    const status = { namespace: 'ws-x', counts: { members: 3, invited: 0, children: 8 } };
    await cluster.client.apply(WORKSPACE, { ...workspace(name, {}), status } as Workspace, { fieldManager: 'test' });
    const standing = await cluster.client.get<Workspace & { status?: object }>(WORKSPACE, { name });
    expect(standing?.status).toBeUndefined();
    expect(crd).toMatchObject({ spec: { names: { shortNames: ['ws'], categories: ['hortus'] }, scope: 'Cluster' } });
    await cluster.client.delete(WORKSPACE, { name });
  });
});
