/** Removing a deleted workspace for good. Types and plain constants only, as workflow code imports them. */

export interface RemoveWorkspaceInput {
  readonly workspaceId: string;
}

/** What the worker has seen and done; with the rows that the api has counted it is the receipt. */
export interface RemovalCounts {
  readonly objects: number;
  readonly objectBytes: number;
  readonly stoppedRuns: number;
  readonly removedRuns: number;
}

export type RemoveWorkspaceResult = ({ readonly outcome: 'removed' } & RemovalCounts) | { readonly outcome: 'not due' };

/** One run at a time for a workspace. Its name must not begin as those that the run itself removes. */
export function removalWorkflowId(workspaceId: string): string {
  return `remove-workspace:${workspaceId}`;
}

/** How the ids of all runs begin that belong to a workspace: those of a new workflow must be named here. */
export function runIdPrefixes(workspaceId: string): readonly string[] {
  return [`garden:${workspaceId}:`];
}

/** What a workspace has in the object store lies below this. */
export function objectsFolder(workspaceId: string): string {
  return workspaceId;
}
