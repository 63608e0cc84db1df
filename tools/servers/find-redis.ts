import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findServer } from './find-server.ts';
import { SERVERS } from './server-table.ts';

/** The Redis of the tests. An absolute path. */
export async function findRedis(say: Say): Promise<string> {
  return findServer(SERVERS.redis, readServersConfig(), say);
}
