import {
  SEED_DEMO_PROGRESS_QUERY,
  SEED_DEMO_WORKFLOW_ID,
  type SeedDemoInput,
  type SeedDemoProgress,
} from '@hortus/contracts/demo';
import { TASK_QUEUES, WORKFLOWS } from '@hortus/contracts/gardener';
import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowHandle } from '@temporalio/client';

/** The workflow that seeds the demo, under way or begun now; nothing when it has run to its end already. */
export type SeedHandle = WorkflowHandle | undefined;

/**
 * Starts seeding, or joins it when it is under way.
 *
 * @param isAgain seed although it has succeeded before: what a person asks for by name. Otherwise only a failed seeding
 *   is tried again, so that a start leaves alone what people have made of the demo, a reset included.
 */
export async function startSeeding(
  client: Client,
  input: SeedDemoInput,
  { isAgain }: { isAgain: boolean },
): Promise<SeedHandle> {
  try {
    return await client.workflow.start(WORKFLOWS.seedDemo, {
      taskQueue: TASK_QUEUES.io,
      workflowId: SEED_DEMO_WORKFLOW_ID,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: isAgain ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      args: [input],
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

export async function querySeeding(handle: WorkflowHandle): Promise<SeedDemoProgress> {
  return handle.query<SeedDemoProgress>(SEED_DEMO_PROGRESS_QUERY);
}

/** The innermost cause: Temporal wraps what a step threw in a failure of the activity and one of the workflow. */
export function describeFailure(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? cause.message : String(cause);
}
