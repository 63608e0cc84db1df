import { SERVER_LIMITS } from '../../api/src/http/server-limits.ts';
import { startTestApi, type TestApi } from '../test/fixtures/api.ts';
import type { TestDatabase } from '../test/fixtures/database.ts';
import { cheapHasher } from './cheap-hasher.ts';

/** A busy machine is no reason to turn a request away here. */
const limits = { ...SERVER_LIMITS, eventLoopDelayMaxMs: 60_000 };

/** The api as the proofs ask it: many requests at once, and not about passwords. */
export function startProofApi(shared: { database?: TestDatabase; store?: TestApi['store'] } = {}): Promise<TestApi> {
  return startTestApi({ HORTUS_DATABASE_POOL_MAX: '10' }, { hasher: cheapHasher, limits, ...shared });
}
