import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { PRIORITIES, TASK_QUEUES, WORKFLOWS, gardenWorkflowId } from '@hortus/contracts/gardener';
import { removalWorkflowId, type RemoveWorkspaceInput } from '@hortus/contracts/removal';
import type { Intent } from './outbox-repo.ts';

/** The one Temporal client of the api: it starts workflows by name and does nothing else. */
export interface WorkflowStarter {
  /** Starts the workflow; does nothing when it was started before. @throws when Temporal is away */
  start(intent: Intent): Promise<void>;
  /** Starts the removal of a workspace; does nothing while one is under way. @throws when Temporal is away */
  startRemoval(workspaceId: string): Promise<void>;
  /** @throws when Temporal does not answer */
  check(): Promise<void>;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 5000;

export function createWorkflowStarter(options: { address: string; namespace: string }): WorkflowStarter {
  const connection = Connection.lazy({ address: options.address, connectTimeout: START_TIMEOUT_MS });
  const client = new Client({ connection, namespace: options.namespace });
  return {
    async start({ workflow, input }) {
      const { workspaceId, artifactId, priorityKey } = input;
      try {
        await connection.withDeadline(Date.now() + START_TIMEOUT_MS, () =>
          client.workflow.start(workflow, {
            workflowId: gardenWorkflowId(input),
            taskQueue: TASK_QUEUES.io,
            args: [input],
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            priority: { priorityKey, fairnessKey: workspaceId },
            memo: { workspaceId, artifactId },
            staticSummary: 'Makes the variants of a picture',
          }),
        );
      } catch (error) {
        // The intent was carried out before, and the relay died before it could say so.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async startRemoval(workspaceId) {
      const input: RemoveWorkspaceInput = { workspaceId };
      await connection.withDeadline(Date.now() + START_TIMEOUT_MS, () =>
        client.workflow.start(WORKFLOWS.removeWorkspace, {
          workflowId: removalWorkflowId(workspaceId),
          taskQueue: TASK_QUEUES.io,
          args: [input],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          // One that was not due, or was cut off, is no reason not to start another.
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          priority: { priorityKey: PRIORITIES.seed, fairnessKey: workspaceId },
          memo: { workspaceId },
          staticSummary: 'Removes a deleted workspace',
        }),
      );
    },
    check: async () => {
      await connection.withDeadline(Date.now() + START_TIMEOUT_MS, () => connection.workflowService.getSystemInfo({}));
    },
    close: () => connection.close(),
  };
}
