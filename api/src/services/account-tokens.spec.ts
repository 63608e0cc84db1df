import { describe, expect, it } from '@jest/globals';
import { accountTokensOf } from './account-tokens.ts';

const accounts = { operatorAccount: 'hortus/operator', workerAccount: 'hortus/worker' };

describe('how programs sign in', () => {
  it('is by the service key alone where there is no cluster', () => {
    expect(accountTokensOf({ ...accounts, serviceKey: 'a key' })).toBeNull();
  });

  it('is by tokens as well where there is one, and then needs no key', () => {
    expect(accountTokensOf({ ...accounts, clusterIssuer: 'https://cluster.test' })).toBeInstanceOf(Function);
  });

  it('must be one of the two', () => {
    expect(() => accountTokensOf(accounts)).toThrow(/set HORTUS_SERVICE_KEY, or HORTUS_CLUSTER_ISSUER/);
  });

  it('takes what is no JWT for nobody, without asking for keys', async () => {
    const read = accountTokensOf({ ...accounts, clusterIssuer: 'https://127.0.0.1:1' });
    await expect(read?.('no token')).resolves.toBeNull();
  });
});
