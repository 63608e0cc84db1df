import { computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Artifact } from '@hortus/contracts/artifact';
import type { createArtifact, deleteArtifact, getArtifact } from '@hortus/contracts/artifact-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withComputed, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { ApiClient } from '../api/api-client.ts';
import { ConnectionError, describeError, isProblem } from '../api/problem-error.ts';
import { requestHeaders } from '../api/request.ts';
import { LiveActions } from '../session/live-state.ts';
import { SessionActions } from '../session/session-state.ts';
import { TokenKeeper } from '../session/token-keeper.ts';
import { etagOf } from './etag.ts';
import { makeLocalPreview, type LocalPreview } from './local-preview.ts';
import { sendOriginal } from './send-original.ts';
import {
  artifactName,
  isActive,
  reduceUploads,
  startableUploads,
  type Upload,
  type UploadEvent,
  type UploadQueue,
} from './upload-queue.ts';

/** How many previews are kept: the latest. Each holds its file, not its pixels. */
const PREVIEWS_MAX = 100;
/** More at once would not be faster on one line, and a browser has six connections per host. */
const ACTIVE_MAX = 3;

interface UploadsState {
  readonly queue: UploadQueue;
  /** By artifact. They stay when the upload is off the list, until the gardener's own pictures are there. */
  readonly previews: ReadonlyMap<string, LocalPreview>;
}

/** The uploads of this tab. They go on while the person looks at other pages, also of other workspaces. */
export const UploadsStore = signalStore(
  { providedIn: 'root' },
  withState<UploadsState>({ queue: [], previews: new Map() }),
  withComputed(({ queue }) => ({
    busy: computed(() => queue().some((upload) => isActive(upload) || upload.phase === 'waiting')),
    byArtifact: computed<ReadonlyMap<string, Upload>>(
      () => new Map(queue().flatMap((upload) => (upload.artifactId === null ? [] : [[upload.artifactId, upload]]))),
    ),
  })),
  withProps(() => ({
    _api: inject(ApiClient),
    _tokens: inject(TokenKeeper),
    _files: new Map<string, File>(),
    _cancels: new Map<string, AbortController>(),
  })),
  withMethods((store) => {
    function apply(event: UploadEvent): void {
      patchState(store, ({ queue }) => ({ queue: reduceUploads(queue, event) }));
    }

    function startNext(): void {
      for (const upload of startableUploads(store.queue(), ACTIVE_MAX)) void run(upload);
    }

    async function run(upload: Upload): Promise<void> {
      const file = store._files.get(upload.id);
      if (file === undefined) return;
      const cancel = new AbortController();
      store._cancels.set(upload.id, cancel);
      apply({ type: 'started', id: upload.id });
      let artifactId = upload.artifactId;
      try {
        if (artifactId === null) {
          artifactId = (await create(upload.workspaceId, file)).id;
          apply({ type: 'created', id: upload.id, artifactId });
          void preview(artifactId, file);
        }
        await sendBytes({ ...upload, artifactId }, file, cancel.signal);
        apply({ type: 'finished', id: upload.id });
        store._files.delete(upload.id);
      } catch (error) {
        if (cancel.signal.aborted) {
          if (artifactId !== null) await discard(upload.workspaceId, artifactId);
        } else {
          await fail({ ...upload, artifactId }, file, error);
        }
      } finally {
        store._cancels.delete(upload.id);
        startNext();
      }
    }

    async function preview(artifactId: string, file: File): Promise<void> {
      const made = await makeLocalPreview(file);
      if (made === null) return;
      const previews = [...store.previews(), [artifactId, made] as const];
      for (const [, { url }] of previews.slice(0, -PREVIEWS_MAX)) URL.revokeObjectURL(url);
      patchState(store, { previews: new Map(previews.slice(-PREVIEWS_MAX)) });
    }

    async function create(workspaceId: string, file: File): Promise<Artifact> {
      return store._api.call<typeof createArtifact>(
        { method: 'POST', url: '/api/v1/artifacts' },
        { body: { name: artifactName(file.name) } },
        { workspaceId },
      );
    }

    async function sendBytes(
      upload: Pick<Upload, 'id' | 'workspaceId'> & { readonly artifactId: string },
      file: File,
      signal: AbortSignal,
    ): Promise<void> {
      const { id, workspaceId, artifactId } = upload;
      const sendWith = async (token: string): Promise<void> => {
        const headers = requestHeaders(token, { workspaceId });
        const onProgress = (sentBytes: number): void => {
          apply({ type: 'progressed', id, sentBytes });
        };
        await sendOriginal({ artifactId, file, headers, onProgress, signal });
      };
      const token = await store._tokens.accessToken();
      try {
        await sendWith(token);
      } catch (error) {
        if (!isProblem(error, 'TOKEN_INVALID', 'SIGN_IN_REQUIRED')) throw error;
        await sendWith(await store._tokens.renew(token));
      }
    }

    async function fail(upload: Upload, file: File, error: unknown): Promise<void> {
      const { id } = upload;
      const notice = describeError(error);
      if (isProblem(error, 'ARTIFACT_NOT_FOUND')) apply({ type: 'orphaned', id });
      // The bytes may have arrived while the answer was lost: the retry is then taken for a change of the original.
      if (isProblem(error, 'IF_MATCH_REQUIRED') && (await hasArrived(upload, file))) apply({ type: 'finished', id });
      else if (error instanceof ConnectionError || isProblem(error, 'UPLOAD_INTERRUPTED', 'UNAVAILABLE')) {
        apply({ type: 'interrupted', id, notice });
      } else apply({ type: 'failed', id, notice });
    }

    async function hasArrived({ artifactId, workspaceId }: Upload, file: File): Promise<boolean> {
      if (artifactId === null) return false;
      const artifact = await read(workspaceId, artifactId).catch(() => null);
      return artifact?.original?.sizeBytes === file.size;
    }

    async function read(workspaceId: string, id: string): Promise<Artifact> {
      return store._api.call<typeof getArtifact>(
        { method: 'GET', url: '/api/v1/artifacts/:id' },
        { params: { id } },
        { workspaceId },
      );
    }

    /** Takes back the artifact of a cancelled upload. If that fails, the person sees it in the list and may delete it. */
    async function discard(workspaceId: string, id: string): Promise<void> {
      try {
        const artifact = await read(workspaceId, id);
        await store._api.call<typeof deleteArtifact>(
          { method: 'DELETE', url: '/api/v1/artifacts/:id' },
          { params: { id } },
          { workspaceId, ifMatch: etagOf(artifact) },
        );
      } catch {
        // See above.
      }
    }

    return {
      add(workspaceId: string, files: readonly File[]): void {
        const uploads = files.map((file) => {
          const id = crypto.randomUUID();
          store._files.set(id, file);
          return { id, workspaceId, fileName: file.name, sizeBytes: file.size };
        });
        apply({ type: 'added', uploads });
        startNext();
      },
      cancel(id: string): void {
        const upload = store.queue().find((each) => each.id === id);
        apply({ type: 'removed', ids: [id] });
        store._files.delete(id);
        const running = store._cancels.get(id);
        if (running !== undefined) running.abort();
        else if (typeof upload?.artifactId === 'string' && upload.phase !== 'done') {
          void discard(upload.workspaceId, upload.artifactId);
        }
      },
      retry(ids: readonly string[]): void {
        apply({ type: 'retried', ids });
        startNext();
      },
      /** Takes finished uploads off the list. */
      dismiss(ids: readonly string[]): void {
        apply({ type: 'removed', ids });
      },
      _resume(): void {
        apply({ type: 'connected' });
        startNext();
      },
      _forget(): void {
        const ids = store.queue().map(({ id }) => id);
        apply({ type: 'removed', ids });
        store._files.clear();
        for (const cancel of store._cancels.values()) cancel.abort();
        for (const { url } of store.previews().values()) URL.revokeObjectURL(url);
        patchState(store, { previews: new Map() });
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      actions.pipe(ofType(LiveActions.connected), takeUntilDestroyed()).subscribe(() => {
        store._resume();
      });
      actions.pipe(ofType(SessionActions.signedOut, SessionActions.ended), takeUntilDestroyed()).subscribe(() => {
        store._forget();
      });
      addEventListener('beforeunload', (event) => {
        if (store.busy()) event.preventDefault();
      });
    },
  }),
);
