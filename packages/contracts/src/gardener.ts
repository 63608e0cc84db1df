/**
 * The names and shapes by which the api starts the gardener and the gardener calls the api. Types and plain constants only:
 * workflow code imports this file for its types, and its bundle must stay free of schemas.
 */

import type { VariantFormat } from './artifact.ts';

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

/** Search attributes of the gardener's runs in Temporal, each a keyword: whose it is, of which artifact, how far it is. */
export const SEARCH_ATTRIBUTES = {
  workspace: 'HortusWorkspace',
  artifact: 'HortusArtifact',
  stage: 'HortusStage',
} as const;

/** What `HortusStage` can be. */
export type GardenStage = 'looking' | VariantFormat | 'ready' | 'failed' | 'superseded';

/** Temporal's priority keys: lower is sooner. A person's upload goes before the demo's pictures, and a purge can wait. */
export const PRIORITIES = { upload: 2, seed: 4, purge: 5 } as const;

/** What is to be made of a picture. */
export interface GardenPreset {
  /** Steps of width in pixels; none wider than the original, whose own width is added where it is below the largest. */
  readonly widthsPx: readonly number[];
  /** In the order in which they are made. */
  readonly formats: readonly ('webp' | 'avif' | 'fallback')[];
  /** The fallback is made at the widest step that is not above this. */
  readonly fallbackWidthMaxPx: number;
  /** The score that every variant is to reach, 0 to 100; null for the fixed quality of each format. */
  readonly targetScore: number | null;
  /** Keep the colours and the profile of an original that has more colours than sRGB, as Display P3 has. */
  readonly keepsWideColours: boolean;
  /** Keep the names of author and owner that the original carries; everything else it carries is left out. */
  readonly keepsCopyright: boolean;
}

export const DEFAULT_PRESET: GardenPreset = {
  widthsPx: [320, 640, 960, 1280, 1920, 2560],
  formats: ['webp', 'fallback', 'avif'],
  fallbackWidthMaxPx: 1280,
  targetScore: 70,
  keepsWideColours: false,
  keepsCopyright: false,
};

export interface GardenArtifactInput {
  readonly workspaceId: string;
  readonly artifactId: string;
  /** The version of the original; a newer one makes this run's results void. */
  readonly version: number;
  readonly original: { readonly sha256: string; readonly sizeBytes: number };
  readonly priorityKey: number;
  /** Absent: the worker's own. */
  readonly preset?: GardenPreset;
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
