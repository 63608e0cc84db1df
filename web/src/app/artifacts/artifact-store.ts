import { computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Artifact, ArtifactPatch, Manifest } from '@hortus/contracts/artifact';
import type { deleteArtifact, getArtifact, getManifest, updateArtifact } from '@hortus/contracts/artifact-api';
import type { LiveEvent } from '@hortus/contracts/event-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withComputed, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { ApiClient } from '../api/api-client.ts';
import { describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { requestHeaders, send } from '../api/request.ts';
import { requestUrl } from '../api/request-url.ts';
import { LiveActions } from '../session/live-state.ts';
import { TokenKeeper } from '../session/token-keeper.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { etagOf } from './etag.ts';
import { pictureSources } from './picture-sources.ts';

/** Variants arrive in bursts, one event each; the manifest is read at most once in this time. */
const MANIFEST_PAUSE_MS = 100;
const READ_AGAIN_PAUSE_MS = 10_000;

interface ArtifactPageState {
  /** `absent`: there is none here, or it is not yours. `deleted`: it was there a moment ago. */
  readonly status: 'loading' | 'ready' | 'failed' | 'absent' | 'deleted';
  readonly notice: ErrorNotice | null;
  readonly artifact: Artifact | null;
  readonly manifest: Manifest | null;
}

/** How saving or deleting went. `stale`: someone else was faster; the store shows what stands now. */
export type WriteResult =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'stale'; readonly current: Artifact; readonly notice: ErrorNotice }
  | { readonly outcome: 'failed'; readonly notice: ErrorNotice };

/** One artifact with what the gardener has made of it so far. */
export const ArtifactStore = signalStore(
  withState<ArtifactPageState>({ status: 'loading', notice: null, artifact: null, manifest: null }),
  withComputed(({ manifest }) => ({
    sources: computed(() => {
      const known = manifest();
      return known === null ? null : pictureSources(known);
    }),
  })),
  withProps(() => ({
    _api: inject(ApiClient),
    _tokens: inject(TokenKeeper),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
    _page: new AbortController(),
  })),
  withMethods((store) => {
    const workspaceId = store._workspaceId;
    const { signal } = store._page;
    let id = '';
    let loads = 0;
    let readingManifest = false;
    let manifestWanted = false;
    let readAgainAtMs = 0;
    let removing = false;
    /** The artifact of an event that came while it was being read: at least as new as the answer. */
    let meanwhile: Artifact | null = null;

    async function readManifest(): Promise<Manifest> {
      return store._api.call<typeof getManifest>(
        { method: 'GET', url: '/api/v1/artifacts/:id/manifest' },
        { params: { id } },
        { workspaceId, signal },
      );
    }

    async function load(): Promise<void> {
      const turn = ++loads;
      meanwhile = null;
      try {
        const [artifact, manifest] = await Promise.all([
          store._api.call<typeof getArtifact>(
            { method: 'GET', url: '/api/v1/artifacts/:id' },
            { params: { id } },
            { workspaceId, signal },
          ),
          readManifest(),
        ]);
        if (turn !== loads) return;
        const missed = meanwhile as Artifact | null;
        patchState(store, { status: 'ready', notice: null, artifact: missed ?? artifact, manifest });
        if (missed !== null) void refreshManifest();
      } catch (error) {
        if (signal.aborted || turn !== loads) return;
        if (isProblem(error, 'ARTIFACT_NOT_FOUND', 'NOT_FOUND', 'REQUEST_INVALID')) {
          patchState(store, { status: store.manifest() === null ? 'absent' : 'deleted', artifact: null });
        } else {
          patchState(store, { status: store.artifact() === null ? 'failed' : 'ready', notice: describeError(error) });
        }
      }
    }

    async function refreshManifest(): Promise<void> {
      manifestWanted = true;
      if (readingManifest) return;
      readingManifest = true;
      try {
        while (manifestWanted && !signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, MANIFEST_PAUSE_MS));
          manifestWanted = false;
          patchState(store, { manifest: await readManifest() });
        }
      } catch {
        // The connection is gone, or the artifact is; the live stream tells when there is something to read again.
      } finally {
        readingManifest = false;
      }
    }

    async function write(
      change: (artifact: Artifact) => Promise<Artifact | null>,
      seen: Artifact,
    ): Promise<WriteResult> {
      try {
        const artifact = await change(seen);
        if (artifact !== null) patchState(store, { artifact });
        return { outcome: 'done' };
      } catch (error) {
        const notice = describeError(error);
        if (!isProblem(error, 'REVISION_STALE')) return { outcome: 'failed', notice };
        const current = error.problem.current as Artifact;
        patchState(store, { artifact: current });
        return { outcome: 'stale', current, notice };
      }
    }

    return {
      /** @param known The artifact as the list has it, to be shown until the answer is there. */
      async open(artifactId: string, known: Artifact | null): Promise<void> {
        id = artifactId;
        if (known !== null) patchState(store, { status: 'ready', artifact: known });
        await load();
      },
      async reload(): Promise<void> {
        patchState(store, { status: store.artifact() === null ? 'loading' : 'ready', notice: null });
        await load();
      },
      /** @param seen The artifact as the person saw it when they began. */
      async save(patch: ArtifactPatch, seen: Artifact): Promise<WriteResult> {
        return write(
          ({ revision }) =>
            store._api.call<typeof updateArtifact>(
              { method: 'PATCH', url: '/api/v1/artifacts/:id' },
              { params: { id }, body: patch },
              { workspaceId, ifMatch: etagOf({ revision }) },
            ),
          seen,
        );
      },
      async remove(seen: Artifact): Promise<WriteResult> {
        removing = true;
        const result = await write(
          ({ revision }) =>
            store._api.call<typeof deleteArtifact>(
              { method: 'DELETE', url: '/api/v1/artifacts/:id' },
              { params: { id } },
              { workspaceId, ifMatch: etagOf({ revision }) },
            ),
          seen,
        );
        removing = result.outcome === 'done';
        return result;
      },
      /** The bytes as they were uploaded. */
      async readOriginal(): Promise<Blob> {
        const url = requestUrl('/api/v1/artifacts/:id/original', { params: { id } });
        const headers = requestHeaders(await store._tokens.accessToken(), { workspaceId });
        return (await send(url, { headers, signal })).blob();
      },
      /** The picture on the screen could not be loaded: its addresses may have expired. */
      readAgain(): void {
        if (Date.now() - readAgainAtMs < READ_AGAIN_PAUSE_MS) return;
        readAgainAtMs = Date.now();
        void refreshManifest();
      },
      _connected(resumed: boolean): void {
        if (store.status() === 'absent' || store.status() === 'deleted') return;
        if (resumed) void refreshManifest();
        else void load();
      },
      _receive(event: LiveEvent): void {
        if (event.type === 'reset') void load();
        else if (event.type === 'artifact.deleted') {
          // Who deleted it here is told by the answer, and goes elsewhere.
          if (event.artifactId === id && !removing) patchState(store, { status: 'deleted', artifact: null });
        } else if (event.type === 'artifact.changed' && event.artifact.id === id) {
          meanwhile = event.artifact;
          if (store.status() !== 'ready') return;
          patchState(store, { artifact: event.artifact });
          void refreshManifest();
        }
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      actions.pipe(ofType(LiveActions.received), takeUntilDestroyed()).subscribe(({ workspaceId, event }) => {
        if (workspaceId === store._workspaceId) store._receive(event);
      });
      actions.pipe(ofType(LiveActions.connected), takeUntilDestroyed()).subscribe(({ resumed }) => {
        store._connected(resumed);
      });
    },
    onDestroy(store) {
      store._page.abort();
    },
  }),
);
