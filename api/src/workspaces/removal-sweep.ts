import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from '@hortus/service/logger';
import { withScope } from '../db/scope.ts';
import type { WorkflowStarter } from '../outbox/workflow-starter.ts';
import { listDueRemovals } from './removal-repo.ts';

/*
 * Looks for workspaces whose time of grace is over and starts their removal. What is to be removed stands in the database, and
 * the workflow's id is that of the workspace: a look that starts a second time changes nothing, and a removal that was cut off
 * is started again by the next look.
 */

const LOOK_EVERY_MS = 60_000;
const STARTS_PER_LOOK = 50;

/** One look. @returns how many removals are under way now */
export async function sweepRemovals({ knex, starter }: { knex: Knex; starter: WorkflowStarter }): Promise<number> {
  const due = await withScope(knex, { instance: true }, (tx) => listDueRemovals(tx, STARTS_PER_LOOK));
  for (const workspaceId of due) await starter.startRemoval(workspaceId);
  return due.length;
}

export interface RemovalSweep {
  close(): Promise<void>;
}

export function startRemovalSweep(options: {
  knex: Knex;
  starter: WorkflowStarter;
  logger: Logger;
  lookEveryMs?: number;
}): RemovalSweep {
  const { logger, lookEveryMs = LOOK_EVERY_MS } = options;
  const closing = new AbortController();

  async function run(): Promise<void> {
    let wasAway = false;
    while (!closing.signal.aborted) {
      try {
        await sweepRemovals(options);
        wasAway = false;
      } catch (error) {
        // Once per outage: nothing is lost by waiting.
        if (!wasAway) logger.warn({ err: error }, 'removals of workspaces wait: Temporal or the database is away');
        wasAway = true;
      }
      await sleep(lookEveryMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
