import { isAlive } from '../processes/process-identity.mjs';
import { signalGroup } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { POSTGRES_STOP_SIGNAL } from '../servers/postgres.ts';
import type { RunRecord } from './run-record.ts';

const END_TIMEOUT_MS = 3_000;
const KILL_TIMEOUT_MS = 5_000;

/**
 * Ends what a killed start has left running. Only a process that began when the record says is touched.
 *
 * @returns the names of the programs that were ended
 */
export async function endLeftovers(record: RunRecord | undefined): Promise<string[]> {
  const left = (record?.children ?? []).filter(isAlive);
  for (const child of left) {
    // Postgres' meaning of SIGTERM is to wait for all sessions, whose programs are ending at the same time.
    signalGroupLeader(child.pid, child.name === 'postgres' ? POSTGRES_STOP_SIGNAL : 'SIGTERM');
  }
  const isGone = (): boolean => !left.some(isAlive);
  if (!(await waitUntil(isGone, END_TIMEOUT_MS))) {
    for (const child of left.filter(isAlive)) signalGroup(child.pid, 'SIGKILL');
    await waitUntil(isGone, KILL_TIMEOUT_MS);
  }
  return left.map(({ name }) => name);
}

function signalGroupLeader(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself since it was looked at.
  }
}
