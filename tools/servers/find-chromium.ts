import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findServer } from './find-server.ts';
import { SERVERS } from './server-table.ts';

/** The browser of the browser tests. An absolute path. */
export async function findChromium(say: Say): Promise<string> {
  return findServer(SERVERS.chromium, readServersConfig(), say);
}
