import { SERVER_LIMITS } from '../../api/src/http/server-limits.ts';
import { startTestApi, type TestApi } from '../test/fixtures/api.ts';
import type { TestDatabase } from '../test/fixtures/database.ts';
import type { ServiceCaller } from '../../api/src/services/caller-policy.ts';
import { cheapHasher } from './cheap-hasher.ts';

/** A busy machine is no reason to turn a request away here. */
const limits = { ...SERVER_LIMITS, eventLoopDelayMaxMs: 60_000 };

/** What a cluster would sign in by; that real tokens are read is tested beside the operator. */
export const OPERATOR_TOKEN = 'token-of-the-operator';
export const WORKER_TOKEN = 'token-of-the-worker';
const PROGRAMS = new Map<string, ServiceCaller>([
  [OPERATOR_TOKEN, 'operator'],
  [WORKER_TOKEN, 'worker'],
]);
const readAccountToken = (token: string) => Promise.resolve(PROGRAMS.get(token) ?? null);

/** The api as the proofs ask it: many requests at once, and not about passwords. */
export function startProofApi(shared: { database?: TestDatabase; store?: TestApi['store'] } = {}): Promise<TestApi> {
  return startTestApi({ HORTUS_DATABASE_POOL_MAX: '10' }, { hasher: cheapHasher, limits, readAccountToken, ...shared });
}
