/**
 * The names and shapes by which the api starts the gardener and the gardener calls the api. Types and plain constants only:
 * workflow code imports this file for its types, and its bundle must stay free of schemas.
 */

/** Workflow types, as exported by the workflow bundle. */
export const WORKFLOWS = {
  gardenArtifact: 'gardenArtifact',
  purgeTrash: 'purgeTrash',
  removeWorkspace: 'removeWorkspace',
  seedDemo: 'seedDemo',
} as const;

/**
 * Task queues. `io`: workflows and steps that wait for others. `cpu`: decoding and WebP, with as many slots as cores.
 * `avif`: AVIF only, which costs a hundred times as much, so that WebP never waits behind it.
 */
export const TASK_QUEUES = { io: 'hortus-io', cpu: 'hortus-cpu', avif: 'hortus-avif' } as const;

/** Temporal's priority keys: lower is sooner. A person's upload goes before the demo's pictures, and a purge can wait. */
export const PRIORITIES = { upload: 2, seed: 4, purge: 5 } as const;

export interface GardenArtifactInput {
  readonly workspaceId: string;
  readonly artifactId: string;
  /** The version of the original; a newer one makes this run's results void. */
  readonly version: number;
  readonly original: { readonly sha256: string; readonly sizeBytes: number };
  readonly priorityKey: number;
}

/** Deterministic, so that a second start is the same run. */
export function gardenWorkflowId(input: { workspaceId: string; artifactId: string; version: number }): string {
  return `garden:${input.workspaceId}:${input.artifactId}:${String(input.version)}`;
}

export interface GardenArtifactResult {
  readonly status: 'ready' | 'failed' | 'superseded';
  readonly variants: number;
  readonly dropped: number;
}

/** The schedule that starts `purgeTrash`, one for the instance; also the beginning of the ids of its runs. */
export const PURGE_SCHEDULE_ID = 'purge-trash';

export interface PurgeTrashInput {
  /** Begin behind this workspace; null for the first. */
  readonly after: string | null;
  /** What the run before has deleted, where this one goes on with its work. */
  readonly purged: PurgeTrashResult;
}

export interface PurgeTrashResult {
  readonly artifacts: number;
  readonly objects: number;
}
