import type { ErrorNotice } from '../api/problem-error.ts';

/*
 * The uploads of this browser, as plain data.
 *
 *   waiting ──started──▶ creating ──created──▶ sending ──all bytes sent──▶ settling ──finished──▶ done
 *      ▲                    │                     │                           │
 *      │                    └──────────┬──────────┴───────────────────────────┘
 *      │                  connection lost: interrupted      refused: failed
 *      └── connection back ────────────┘                        │
 *      └── retry by a person ───────────────────────────────────┘
 *
 * - At most `limit` uploads are active (creating, sending or settling) at a time, in the order in which they were added.
 * - `artifactId` stays from `created` on, so that a retry sends the bytes to the artifact that stands already.
 * - An event about an upload that is gone (cancelled) changes nothing.
 */
export type UploadPhase = 'waiting' | 'creating' | 'sending' | 'settling' | 'done' | 'interrupted' | 'failed';

export interface Upload {
  readonly id: string;
  readonly workspaceId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly phase: UploadPhase;
  readonly sentBytes: number;
  readonly artifactId: string | null;
  /** Why it is interrupted or failed. */
  readonly notice: ErrorNotice | null;
}

export type UploadEvent =
  | { readonly type: 'added'; readonly uploads: readonly NewUpload[] }
  | { readonly type: 'started'; readonly id: string }
  | { readonly type: 'created'; readonly id: string; readonly artifactId: string }
  | { readonly type: 'progressed'; readonly id: string; readonly sentBytes: number }
  | { readonly type: 'finished'; readonly id: string }
  | { readonly type: 'interrupted'; readonly id: string; readonly notice: ErrorNotice }
  | { readonly type: 'failed'; readonly id: string; readonly notice: ErrorNotice }
  /** The artifact is no longer there: a retry makes a new one. */
  | { readonly type: 'orphaned'; readonly id: string }
  | { readonly type: 'retried'; readonly ids: readonly string[] }
  | { readonly type: 'connected' }
  | { readonly type: 'removed'; readonly ids: readonly string[] };

export type NewUpload = Pick<Upload, 'id' | 'workspaceId' | 'fileName' | 'sizeBytes'>;
export type UploadQueue = readonly Upload[];

const ACTIVE: readonly UploadPhase[] = ['creating', 'sending', 'settling'];

export function isActive(upload: Upload): boolean {
  return ACTIVE.includes(upload.phase);
}

export function reduceUploads(queue: UploadQueue, event: UploadEvent): UploadQueue {
  switch (event.type) {
    case 'added':
      return [
        ...queue,
        ...event.uploads.map((upload): Upload => ({
          ...upload,
          phase: 'waiting',
          sentBytes: 0,
          artifactId: null,
          notice: null,
        })),
      ];
    case 'started':
      return change(queue, event.id, (upload) => ({
        phase: upload.artifactId === null ? 'creating' : 'sending',
        sentBytes: 0,
        notice: null,
      }));
    case 'created':
      return change(queue, event.id, () => ({ phase: 'sending', artifactId: event.artifactId }));
    case 'progressed':
      return change(queue, event.id, (upload) => ({
        phase: event.sentBytes >= upload.sizeBytes ? 'settling' : 'sending',
        sentBytes: Math.min(event.sentBytes, upload.sizeBytes),
      }));
    case 'finished':
      return change(queue, event.id, (upload) => ({ phase: 'done', sentBytes: upload.sizeBytes, notice: null }));
    case 'interrupted':
      return change(queue, event.id, () => ({ phase: 'interrupted', sentBytes: 0, notice: event.notice }));
    case 'failed':
      return change(queue, event.id, () => ({ phase: 'failed', sentBytes: 0, notice: event.notice }));
    case 'orphaned':
      return change(queue, event.id, () => ({ artifactId: null }));
    case 'retried':
      return queue.map((upload) => (event.ids.includes(upload.id) ? awaitTurn(upload) : upload));
    case 'connected':
      return queue.map((upload) => (upload.phase === 'interrupted' ? awaitTurn(upload) : upload));
    case 'removed':
      return queue.filter(({ id }) => !event.ids.includes(id));
  }
}

/** Which uploads to start now. */
export function startableUploads(queue: UploadQueue, limit: number): readonly Upload[] {
  const free = limit - queue.filter(isActive).length;
  return queue.filter(({ phase }) => phase === 'waiting').slice(0, Math.max(0, free));
}

/** The name of the artifact that a file becomes: its own without the ending, within what the api takes. */
export function artifactName(fileName: string): string {
  const withoutEnding = fileName.replace(/(?<=.)\.[^.\s]{1,10}$/, '').trim();
  return (withoutEnding === '' ? 'Untitled' : withoutEnding).slice(0, 200);
}

/** The whole of what is said to people who can't see the bars. */
export function uploadSummary(queue: UploadQueue): string {
  const count = (test: (upload: Upload) => boolean): number => queue.filter(test).length;
  const running = count((upload) => isActive(upload) || upload.phase === 'waiting');
  const parts = [
    part(running, 'uploading'),
    part(
      count(({ phase }) => phase === 'interrupted'),
      'waiting for the connection',
    ),
    part(
      count(({ phase }) => phase === 'failed'),
      'failed',
    ),
    part(
      count(({ phase }) => phase === 'done'),
      'uploaded',
    ),
  ];
  return parts.filter((each) => each !== null).join(', ');
}

function part(count: number, word: string): string | null {
  return count === 0 ? null : `${String(count)} ${word}`;
}

function awaitTurn(upload: Upload): Upload {
  if (upload.phase !== 'failed' && upload.phase !== 'interrupted') return upload;
  return { ...upload, phase: 'waiting', sentBytes: 0, notice: null };
}

function change(queue: UploadQueue, id: string, changes: (upload: Upload) => Partial<Upload>): UploadQueue {
  return queue.map((upload) => (upload.id === id ? { ...upload, ...changes(upload) } : upload));
}
