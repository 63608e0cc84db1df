import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findServer } from './find-server.ts';
import { SERVERS } from './server-table.ts';

/** The Temporal CLI, whose `server start-dev` is the Temporal of an embedded start. An absolute path. */
export async function findTemporalCli(say: Say): Promise<string> {
  return findServer(SERVERS.temporalCli, readServersConfig(), say);
}
