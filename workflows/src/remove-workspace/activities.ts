import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, isGrpcServiceError, type Client } from '@temporalio/client';
import { objectsFolder, runIdPrefixes, type RemovalCounts } from '@hortus/contracts/removal';
import * as contract from '@hortus/contracts/removal-api';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ApiClient } from '../api-client.ts';
import { BATCHES_PER_STEP, OBJECTS_PER_STEP, RUNS_PER_STEP } from './retry.ts';

export interface RemovalDeps {
  readonly api: ApiClient;
  readonly objects: ObjectStore;
  readonly temporal: Client;
}

interface Part {
  readonly isDone: boolean;
}

/** Each may be repeated at any time: what is gone already is left out. */
export interface RemovalActivities {
  readonly beginRemoval: (workspaceId: string) => Promise<{ isDue: boolean }>;
  readonly countRuns: (workspaceId: string) => Promise<{ running: number; all: number }>;
  readonly stopRuns: (workspaceId: string) => Promise<Part>;
  readonly removeRows: (workspaceId: string) => Promise<Part>;
  readonly countObjects: (workspaceId: string) => Promise<Pick<RemovalCounts, 'objects' | 'objectBytes'>>;
  readonly removeObjects: (workspaceId: string) => Promise<Part>;
  readonly removeRuns: (workspaceId: string) => Promise<Part>;
  readonly finishRemoval: (workspaceId: string, counts: RemovalCounts) => Promise<void>;
}

/** The list of runs lags behind what was done to them; asking again at once would only be told the same. */
const LIST_LAG_MS = 500;
const NOT_FOUND = 5;

/** What is gone already is what was wanted. */
async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    if (isGrpcServiceError(error) && (error.code as number) === NOT_FOUND) return;
    throw error;
  }
}

export function createRemovalActivities({ api, objects, temporal }: RemovalDeps): RemovalActivities {
  /** Tells Temporal that the step goes on; throws when it shall not. */
  function beat(): void {
    const context = Context.current();
    context.heartbeat();
    context.cancellationSignal.throwIfAborted();
  }

  function queryOf(workspaceId: string, condition = ''): string {
    const ids = runIdPrefixes(workspaceId).map((prefix) => `WorkflowId STARTS_WITH '${prefix}'`);
    return `(${ids.join(' OR ')})${condition}`;
  }
  const running = (workspaceId: string) => queryOf(workspaceId, " AND ExecutionStatus = 'Running'");

  /** Does something to each run of a list, until the list is empty. */
  async function untilNone(query: string, work: (run: { workflowId: string; runId: string }) => Promise<unknown>) {
    let left = RUNS_PER_STEP;
    for (;;) {
      const before = left;
      for await (const { workflowId, runId } of temporal.workflow.list({ query, pageSize: 100 })) {
        if (left === 0) return { isDone: false };
        left -= 1;
        await unlessGone(() => work({ workflowId, runId }));
        beat();
      }
      if (left === before) return { isDone: true };
      await sleep(LIST_LAG_MS, undefined, { signal: Context.current().cancellationSignal });
    }
  }

  return {
    beginRemoval: (workspaceId) => api.call(contract.beginRemoval, { params: { workspaceId } }),

    async countRuns(workspaceId) {
      const [open, all] = await Promise.all([
        temporal.workflow.count(running(workspaceId)),
        temporal.workflow.count(queryOf(workspaceId)),
      ]);
      return { running: open.count, all: all.count };
    },

    stopRuns: (workspaceId) =>
      untilNone(running(workspaceId), ({ workflowId, runId }) =>
        temporal.workflow.getHandle(workflowId, runId).terminate('the workspace is being removed'),
      ),

    async removeRows(workspaceId) {
      for (let batch = 0; batch < BATCHES_PER_STEP; batch += 1) {
        const { isDone } = await api.call(contract.removeRows, { params: { workspaceId } });
        if (isDone) return { isDone };
        beat();
      }
      return { isDone: false };
    },

    async countObjects(workspaceId) {
      const counts = { objects: 0, objectBytes: 0 };
      for await (const { sizeBytes } of objects.list(objectsFolder(workspaceId))) {
        counts.objects += 1;
        counts.objectBytes += sizeBytes;
        beat();
      }
      return counts;
    },

    async removeObjects(workspaceId) {
      let left = OBJECTS_PER_STEP;
      for await (const { key } of objects.list(objectsFolder(workspaceId))) {
        if (left === 0) return { isDone: false };
        left -= 1;
        await objects.delete(key);
        beat();
      }
      return { isDone: true };
    },

    removeRuns: (workspaceId) =>
      untilNone(queryOf(workspaceId), ({ workflowId, runId }) =>
        temporal.workflowService.deleteWorkflowExecution({
          namespace: temporal.options.namespace,
          workflowExecution: { workflowId, runId },
        }),
      ),

    async finishRemoval(workspaceId, counts) {
      await api.call(contract.finishRemoval, { params: { workspaceId }, body: counts });
    },
  };
}
