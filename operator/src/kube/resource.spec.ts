import { describe, expect, it } from '@jest/globals';
import { collectionPath, keyOf, objectPath, parseKey, type Resource } from './resource.ts';

const QUOTA: Resource = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  isNamespaced: true,
};
const ROLE: Resource = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  isNamespaced: false,
};

describe('the path of objects', () => {
  it('is below /api for the core group, and below /apis for all others', () => {
    expect(collectionPath(QUOTA)).toBe('/api/v1/resourcequotas');
    expect(collectionPath(QUOTA, 'team')).toBe('/api/v1/namespaces/team/resourcequotas');
    expect(objectPath(ROLE, { name: 'Tenant:Admin' }, 'status')).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/Tenant%3AAdmin/status',
    );
  });

  it('is refused where the kind and the namespace do not fit', () => {
    expect(() => objectPath(QUOTA, { name: 'limits' })).toThrow('the ResourceQuota "limits" needs a namespace');
    expect(() => collectionPath(ROLE, 'team')).toThrow('a ClusterRole has no namespace');
  });

  it('keeps a name from reaching out of its place', () => {
    expect(objectPath(QUOTA, { name: '../../secrets/x', namespace: 'a/b' })).toBe(
      '/api/v1/namespaces/a%2Fb/resourcequotas/..%2F..%2Fsecrets%2Fx',
    );
  });

  it('has a key that is read as it was written', () => {
    for (const name of [{ name: 'one' }, { name: 'one', namespace: 'team' }])
      expect(parseKey(keyOf(name))).toEqual(name);
  });
});
