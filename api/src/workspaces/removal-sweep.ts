import type { Knex } from 'knex';
import type { Logger } from '@hortus/service/logger';
import { withScope } from '../db/scope.ts';
import type { WorkflowStarter } from '../outbox/workflow-starter.ts';
import type { Listener } from '../db/listener.ts';
import { REMOVAL_CHANNEL, listDueRemovals } from './removal-repo.ts';

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
  /** Wakes it when one is to be removed at once. */
  listener: Listener;
  logger: Logger;
  lookEveryMs?: number;
}): RemovalSweep {
  const { listener, logger, lookEveryMs = LOOK_EVERY_MS } = options;
  const closing = new AbortController();
  let wake = Promise.withResolvers<undefined>();
  const rouse = () => {
    wake.resolve(undefined);
  };
  listener.on(REMOVAL_CHANNEL, rouse);

  async function run(): Promise<void> {
    let wasAway = false;
    while (!closing.signal.aborted) {
      wake = Promise.withResolvers<undefined>();
      try {
        await sweepRemovals(options);
        wasAway = false;
      } catch (error) {
        // Once per outage: nothing is lost by waiting.
        if (!wasAway) logger.warn({ err: error }, 'removals of workspaces wait: Temporal or the database is away');
        wasAway = true;
      }
      const timer = setTimeout(rouse, lookEveryMs);
      await wake.promise;
      clearTimeout(timer);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      rouse();
      await running;
    },
  };
}
