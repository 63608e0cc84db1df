import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinTestCluster, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import { installCrd } from '../../../tools/test/fixtures/install-crd.ts';
import { applyManifests, readManifests, resourceOf, type Manifest } from '../../../tools/test/fixtures/manifests.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { KubeClient } from '../kube/client.ts';
import { TokenBucket } from '../kube/token-bucket.ts';
import { Transport } from '../kube/transport.ts';

const OPERATOR = 'system:serviceaccount:hortus-system:hortus-operator';
const POLICIES = ['deletion-protection', 'namespace-takeover', 'operator-confinement'];

describe('what is installed beside the resource, in a real API server,', () => {
  let cluster: TestCluster;
  const closing: (() => Promise<void>)[] = [];

  /** A client that acts as somebody else. */
  function as(user: string): KubeClient {
    const { endpoint } = cluster;
    const authorize = async () => ({ ...(await endpoint.authorize()), 'Impersonate-User': user });
    const transport = new Transport({
      endpoint: { ...endpoint, authorize },
      bucket: new TokenBucket({ perSecond: 1000, burst: 1000 }),
      userAgent: 'hortus-test',
    });
    closing.push(() => transport.close());
    return new KubeClient(transport);
  }
  const manifest = (kind: string, name: string, more: object = {}): Manifest => ({
    apiVersion: kind === 'Workspace' ? 'hortus.dev/v1beta1' : 'v1',
    kind,
    metadata: { name },
    ...more,
  });
  const put = (client: KubeClient, object: Manifest, isDryRun = true) =>
    client.apply(resourceOf(object), object, { fieldManager: 'test', isDryRun, force: true });
  const labelled = (name: string): Manifest =>
    manifest('Namespace', name, { metadata: { name, labels: { 'hortus.dev/workspace': name } } });
  const configMap = (namespace: string): Manifest => manifest('ConfigMap', 'x', { metadata: { name: 'x', namespace } });

  beforeAll(async () => {
    cluster = await joinTestCluster();
    await installCrd(cluster);
    const { client } = cluster;
    await applyManifests(client, await readManifests('base/accounts.yaml'));
    await applyManifests(client, await readManifests('base/roles.yaml'));
    for (const policy of POLICIES) await applyManifests(client, await readManifests(`policies/${policy}.yaml`));
    // Whoever may edit namespaces and Workspaces, as tenants' administrators may.
    const rules = [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['*'] },
      { apiGroups: ['hortus.dev'], resources: ['workspaces'], verbs: ['*'] },
    ];
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: `${cluster.namespace}-tenants` } };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: rbac.metadata.name };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'tenant' }];
    await applyManifests(client, [
      { ...rbac, kind: 'ClusterRole', rules } as Manifest,
      { ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects } as Manifest,
    ]);
    await put(client, labelled(`${cluster.namespace}-ws`), false);
    // Policies hold a moment after they were made.
    const isRefused = () => put(as('tenant'), labelled(`${cluster.namespace}-new`)).then(() => false, (error: unknown) => String(error).includes('written by the operator only')); // prettier-ignore
    const isConfined = () => put(as(OPERATOR), configMap('default')).then(() => false, (error: unknown) => String(error).includes('which is of no workspace')); // prettier-ignore
    if (!(await waitUntil(async () => (await isRefused()) && (await isConfined()), 60_000))) {
      throw new Error('the policies do not hold');
    }
  }, 150_000);
  afterAll(async () => {
    await cluster.client.delete(resourceOf(labelled('')), { name: `${cluster.namespace}-ws` });
    for (const close of closing) await close();
    await cluster.close();
  });

  it('lets nobody take a namespace over by a label, and lets the operator', async () => {
    const { namespace } = cluster;
    await expect(put(as('tenant'), labelled(namespace))).rejects.toThrow(/written by the operator only/);
    // Neither may the label go; another one may come.
    const name = { name: `${namespace}-ws` };
    const relabel = (labels: object) =>
      as('tenant').merge(resourceOf(labelled('')), name, { metadata: { labels } }, { fieldManager: 'test' });
    await expect(relabel({ 'hortus.dev/workspace': null })).rejects.toThrow(/written by the operator only/);
    await expect(relabel({ team: 'blue' })).resolves.toBeDefined();
    await expect(put(as(OPERATOR), labelled(`${namespace}-new`))).resolves.toBeDefined();
  });

  it('keeps the operator in the namespaces of workspaces', async () => {
    const { namespace } = cluster;
    await expect(put(as(OPERATOR), configMap(namespace))).rejects.toThrow(/which is of no workspace/);
    await expect(put(as(OPERATOR), configMap(`${namespace}-ws`))).resolves.toBeDefined();
    await expect(put(as(OPERATOR), labelled(namespace))).rejects.toThrow(/may not touch the namespace/);
  });

  it('refuses to delete what is protected, until it is not', async () => {
    const name = `${cluster.namespace}-kept`;
    const spec = { slug: 'kept', members: [{ email: 'ann@example.com', role: 'owner' }], deletionProtection: true };
    const kept = manifest('Workspace', name, { spec });
    await put(cluster.client, kept, false);
    const remove = () => cluster.client.delete(resourceOf(kept), { name });
    await expect(remove()).rejects.toThrow(/set spec\.deletionProtection to false first/);
    await put(cluster.client, manifest('Workspace', name, { spec: { ...spec, deletionProtection: false } }), false);
    await expect(remove()).resolves.toBe(true);
  });

  it('takes each of the samples', async () => {
    const samples = await readManifests('samples');
    expect(samples).toHaveLength(5);
    for (const sample of samples)
      await expect(put(cluster.client, sample)).resolves.toMatchObject({ kind: 'Workspace' });
  });

  it('gives the operator no wildcard', async () => {
    for (const role of await readManifests('base/roles.yaml')) expect(JSON.stringify(role)).not.toContain('"*"');
  });
});
