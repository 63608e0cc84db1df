import { chooseFreePort } from '../processes/free-port.ts';
import { PORTS } from './config.ts';

/** The variables of `npm start` that give each server a free port, for a start beside another one. */
export async function chooseFreePortVariables(): Promise<Record<string, string>> {
  const entries = Object.values(PORTS).map(async ({ variable }) => [variable, String(await chooseFreePort())] as const);
  return Object.fromEntries(await Promise.all(entries));
}
