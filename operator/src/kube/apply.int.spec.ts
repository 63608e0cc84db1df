import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONFIG_MAP, joinTestCluster, type ConfigMap, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import { Applier, FieldConflictError } from './apply.ts';
import type { KubeObject, Resource } from './resource.ts';

const POLICY: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  isNamespaced: true,
};

describe('applying', () => {
  let cluster: TestCluster;
  let connection: ReturnType<TestCluster['connect']>;
  let applier: Applier;
  const options = { force: true, signal: new AbortController().signal };

  beforeAll(async () => {
    cluster = await joinTestCluster();
    connection = cluster.connect();
    applier = new Applier({ client: connection.client, fieldManager: 'ours', hashAnnotation: 'test.example/applied' });
  });

  afterAll(async () => {
    await connection.close();
    await cluster.close();
  });

  const map = (name: string, data: Record<string, string>): ConfigMap => ({
    metadata: { name, namespace: cluster.namespace },
    data,
  });
  const read = (name: string) => cluster.client.get<ConfigMap>(CONFIG_MAP, { name, namespace: cluster.namespace });
  const writes = () => connection.requests.filter(({ method }) => method !== 'GET').length;

  it('creates, then writes nothing until something differs', async () => {
    expect((await applier.apply(CONFIG_MAP, map('a', { x: '1' }), undefined, options)).did).toBe('created');
    const before = writes();
    expect(await applier.apply(CONFIG_MAP, map('a', { x: '1' }), await read('a'), options)).toEqual({ did: 'nothing' });
    expect(writes()).toBe(before);
    expect((await applier.apply(CONFIG_MAP, map('a', { x: '2' }), await read('a'), options)).did).toBe('changed');
    expect((await read('a'))?.data).toEqual({ x: '2' });
  });

  it('takes away what it does not say any more, and leaves what others have said', async () => {
    await applier.apply(CONFIG_MAP, map('b', { ours: '1', both: '1' }), undefined, options);
    await cluster.client.apply(
      CONFIG_MAP,
      { apiVersion: 'v1', kind: 'ConfigMap', ...map('b', { theirs: '1' }) },
      { fieldManager: 'theirs' },
    );
    expect(await applier.apply(CONFIG_MAP, map('b', { ours: '1', both: '1' }), await read('b'), options)).toEqual({
      did: 'nothing',
    });
    expect((await applier.apply(CONFIG_MAP, map('b', { ours: '1' }), await read('b'), options)).did).toBe('changed');
    expect((await read('b'))?.data).toEqual({ ours: '1', theirs: '1' });
  });

  it('puts right what somebody else has changed or removed, and says which fields', async () => {
    await applier.apply(CONFIG_MAP, map('c', { x: '1', y: '1' }), undefined, options);
    await cluster.client.merge(
      CONFIG_MAP,
      { name: 'c', namespace: cluster.namespace },
      { data: { x: 'theirs', y: null } },
      { fieldManager: 'kubectl-edit' },
    );
    const repaired = await applier.apply(CONFIG_MAP, map('c', { x: '1', y: '1' }), await read('c'), options);
    expect(repaired).toMatchObject({ did: 'repaired', fields: ['data.x', 'data.y'] });
    expect((await read('c'))?.data).toEqual({ x: '1', y: '1' });
  });

  it('names who holds a field, where it may not be taken', async () => {
    await cluster.client.apply(
      CONFIG_MAP,
      { apiVersion: 'v1', kind: 'ConfigMap', ...map('d', { x: 'theirs' }) },
      { fieldManager: 'argocd' },
    );
    const refused = applier.apply(CONFIG_MAP, map('d', { x: '1' }), await read('d'), { ...options, force: false });
    await expect(refused).rejects.toThrow(FieldConflictError);
    await expect(refused).rejects.toMatchObject({ managers: ['argocd'], fields: ['.data.x'] });
    expect((await read('d'))?.data).toEqual({ x: 'theirs' });
  });

  it('is quiet about objects that the server completes with its own defaults', async () => {
    const policy = {
      metadata: { name: 'deny', namespace: cluster.namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] },
    };
    await applier.apply(POLICY, policy, undefined, options);
    const standing = await cluster.client.get<KubeObject>(POLICY, policy.metadata);
    expect(standing).toMatchObject({ spec: { ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] } });
    expect(await applier.apply(POLICY, policy, standing as typeof policy, options)).toEqual({ did: 'nothing' });
  });

  it('does not delete an object that has taken the name of another', async () => {
    await applier.apply(CONFIG_MAP, map('e', {}), undefined, options);
    const name = { name: 'e', namespace: cluster.namespace };
    const foreign = cluster.client.delete(CONFIG_MAP, name, { uid: '00000000-0000-0000-0000-000000000000' });
    await expect(foreign).rejects.toMatchObject({ code: 409 });
    expect(await read('e')).toBeDefined();
    expect(await cluster.client.delete(CONFIG_MAP, name)).toBe(true);
    expect(await cluster.client.delete(CONFIG_MAP, name)).toBe(false);
  });
});
