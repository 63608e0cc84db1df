import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccountTokens, type ReadAccountToken } from '../../../api/src/services/account-tokens.ts';
import { joinTestCluster, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import type { Resource } from '../kube/resource.ts';
import { TokenBucket } from '../kube/token-bucket.ts';
import { Transport } from '../kube/transport.ts';

const ACCOUNT: Resource = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  isNamespaced: true,
};
const ISSUER = 'https://kubernetes.default.svc';

describe('the api, with tokens that a real API server has issued,', () => {
  let cluster: TestCluster;
  let transport: Transport;
  let folder: string;
  let read: ReadAccountToken;

  /** A token as kubelet asks for one. */
  async function issue(account: string, audiences: readonly string[] = ['hortus-api']): Promise<string> {
    const { status } = await transport.request<{ status: { token: string } }>({
      method: 'POST',
      path: `/api/v1/namespaces/${cluster.namespace}/serviceaccounts/${account}/token`,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { ...(audiences.length === 0 ? {} : { audiences }), expirationSeconds: 600 },
      },
    });
    return status.token;
  }

  beforeAll(async () => {
    cluster = await joinTestCluster();
    const { endpoint, namespace } = cluster;
    transport = new Transport({
      endpoint,
      bucket: new TokenBucket({ perSecond: 1000, burst: 1000 }),
      userAgent: 'hortus-test',
    });
    for (const name of ['hortus-api', 'hortus-operator', 'hortus-worker', 'stranger']) {
      await cluster.client.create(ACCOUNT, { metadata: { name, namespace } }, { fieldManager: 'test' });
    }
    folder = await mkdtemp(join(tmpdir(), 'hortus-test-'));
    const [caFile, tokenFile] = [join(folder, 'ca.crt'), join(folder, 'token')];
    if (endpoint.tls.ca === undefined) throw new Error('the kubeconfig names no authority');
    await writeFile(caFile, endpoint.tls.ca);
    // The api asks for the keys as its own account, to which nothing is granted.
    await writeFile(tokenFile, `${await issue('hortus-api', [])}\n`);
    read = createAccountTokens({
      issuer: ISSUER,
      keysUrl: `${endpoint.server}/openid/v1/jwks`,
      caFile,
      tokenFile,
      accounts: { operator: `${namespace}/hortus-operator`, worker: `${namespace}/hortus-worker` },
    });
  });
  afterAll(async () => {
    await transport.close();
    await cluster.close();
    await rm(folder, { recursive: true });
  });

  it('knows its operator and its worker', async () => {
    await expect(read(await issue('hortus-operator'))).resolves.toBe('operator');
    await expect(read(await issue('hortus-worker'))).resolves.toBe('worker');
    await expect(read(await issue('hortus-worker', ['another', 'hortus-api']))).resolves.toBe('worker');
  });

  it('knows nobody by a token that is for somebody else, or of another account', async () => {
    for (const token of [
      await issue('hortus-operator', []),
      await issue('hortus-operator', ['another']),
      await issue('stranger'),
    ]) {
      await expect(read(token)).resolves.toBeNull();
    }
  });

  it('knows nobody by a token that was changed, or is none', async () => {
    const [head, claims, signature] = (await issue('stranger')).split('.') as [string, string, string];
    const decode = (text: string) => Buffer.from(text, 'base64url').toString();
    const forged = Buffer.from(decode(claims).replaceAll('stranger', 'hortus-operator')).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      `${head}.${forged}.${signature}`,
      `${unsigned}.${forged}.`,
      `${unsigned}.${forged}.x`,
      'a.b.c',
      'no token',
    ]) {
      await expect(read(token)).resolves.toBeNull();
    }
  });

  it('believes no other issuer, and checks nothing while the keys can not be had', async () => {
    const accounts = { operator: `${cluster.namespace}/hortus-operator`, worker: 'hortus/worker' };
    const token = await issue('hortus-operator');
    const away = createAccountTokens({ issuer: ISSUER, keysUrl: 'https://127.0.0.1:1/openid/v1/jwks', accounts });
    await expect(away(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const { caFile, tokenFile } = { caFile: join(folder, 'ca.crt'), tokenFile: join(folder, 'token') };
    const keysUrl = `${cluster.endpoint.server}/openid/v1/jwks`;
    const other = createAccountTokens({ issuer: 'https://other.test', keysUrl, caFile, tokenFile, accounts });
    await expect(other(token)).resolves.toBeNull();
  });
});
