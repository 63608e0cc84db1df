import { readFile } from 'node:fs/promises';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { Agent, fetch } from 'undici';
import { ProblemError } from '@hortus/service/problem';
import type { ApiConfig } from '../config.ts';
import type { ServiceCaller } from './caller-policy.ts';

/*
 * Tokens of Kubernetes service accounts, by which the programs of a cluster sign in to the api. They are checked by the keys that
 * the issuer publishes, and not by a TokenReview: that would give the api, which is the public door, a right over the whole
 * cluster (`tokenreviews: create` tells who any token belongs to), and a call to the API server for each request. The keys need
 * no right that a service account does not have anyway. What is given up: a token of a deleted account holds until it expires,
 * within an hour as kubelet asks for them.
 */

/** For whom a token must be made: one that is for the API server, or for anybody else, is none for the api. */
export const TOKEN_AUDIENCE = 'hortus-api';

/** What Kubernetes signs with (`--service-account-signing-key-file`: RSA or ECDSA). */
const ALGORITHMS = ['RS256', 'ES256', 'ES384', 'ES512'];
/** kubelet replaces a token before it is a day old, whatever life it has. */
const AGE_MAX = '24h';
const SKEW_SECONDS = 30;
/** A key that is new is looked for at once, one that was withdrawn is believed for so long: as long as its tokens live. */
const KEYS_KEPT_MS = 3_600_000;
const KEYS_TIMEOUT_MS = 5_000;
/** Between two looks for a key that nobody has heard of. */
const LOOK_EVERY_MS = 10_000;

/** A service account, as `<namespace>/<name>`. */
export type AccountName = string;

export interface ClusterIssuer {
  /** `iss` of the tokens, as the API server has it (`--service-account-issuer`). */
  readonly issuer: string;
  /** Where the keys are; `<issuer>/openid/v1/jwks` by default. */
  readonly keysUrl?: string | undefined;
  /** Authority of the certificate there; what the system trusts by default. */
  readonly caFile?: string | undefined;
  /** A token to ask for the keys with, read anew each time; none by default. */
  readonly tokenFile?: string | undefined;
  readonly accounts: Readonly<Record<ServiceCaller, AccountName>>;
}

/** @returns which program the token is of; null where it is nobody's. @throws ProblemError UNAVAILABLE without the keys */
export type ReadAccountToken = (token: string) => Promise<ServiceCaller | null>;

const isJwt = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

/** The library's own knows no authority but those of the system, and no token that changes. */
function createFetch({ caFile, tokenFile }: ClusterIssuer): FetchImplementation {
  const connect = async () => (caFile === undefined ? {} : { ca: await readFile(caFile) });
  let agent: Promise<Agent> | undefined;
  return async (url, { headers, signal }) => {
    agent ??= connect().then((options) => new Agent({ connect: options }));
    const dispatcher = await agent.catch((error: unknown) => {
      agent = undefined;
      throw error;
    });
    if (tokenFile !== undefined) {
      headers.set('authorization', `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`);
    }
    const answer = await fetch(url, { headers: Object.fromEntries(headers), signal, redirect: 'error', dispatcher });
    return new Response(await answer.text(), { status: answer.status });
  };
}

export function createAccountTokens(cluster: ClusterIssuer): ReadAccountToken {
  const { issuer, keysUrl = `${issuer}/openid/v1/jwks`, accounts } = cluster;
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    [customFetch]: createFetch(cluster),
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: LOOK_EVERY_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
  });
  const callers = new Map(
    Object.entries(accounts).map(([caller, account]) => [
      `system:serviceaccount:${account.replace('/', ':')}`,
      caller as ServiceCaller,
    ]),
  );

  const findKey: JWTVerifyGetKey = async (header, input) => {
    try {
      return await keys(header, input);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      const detail = 'The keys of the cluster can not be read, so no token of it can be checked. Try again.';
      throw new ProblemError('UNAVAILABLE', detail, { cause: error });
    }
  };

  return async (token) => {
    if (!isJwt(token)) return null;
    try {
      const { payload } = await jwtVerify(token, findKey, {
        issuer,
        audience: TOKEN_AUDIENCE,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        maxTokenAge: AGE_MAX,
        clockTolerance: SKEW_SECONDS,
      });
      return callers.get(payload.sub ?? '') ?? null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}

/** Null where there is no cluster. @throws Error where programs would have no way to sign in at all */
export function accountTokensOf(
  config: Pick<
    ApiConfig,
    'serviceKey' | 'clusterIssuer' | 'clusterKeysUrl' | 'clusterCaFile' | 'clusterTokenFile' | 'operatorAccount' | 'workerAccount' // prettier-ignore
  >,
): ReadAccountToken | null {
  const { clusterIssuer: issuer, clusterKeysUrl: keysUrl, clusterCaFile: caFile, clusterTokenFile: tokenFile } = config;
  if (issuer !== undefined) {
    const accounts = { operator: config.operatorAccount, worker: config.workerAccount };
    return createAccountTokens({ issuer, keysUrl, caFile, tokenFile, accounts });
  }
  if (config.serviceKey === undefined) {
    throw new Error('Worker and operator have no way to sign in: set HORTUS_SERVICE_KEY, or HORTUS_CLUSTER_ISSUER.');
  }
  return null;
}
