import { computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Output } from '@hortus/contracts/endpoint';
import type { emptyTrash, listTrash, purgeArtifact } from '@hortus/contracts/trash-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withComputed, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { removeEntities, setAllEntities, withEntities } from '@ngrx/signals/entities';
import { debounceTime, filter } from 'rxjs';
import { ApiClient } from '../api/api-client.ts';
import { describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { etagOf } from '../artifacts/etag.ts';
import { LiveActions } from '../session/live-state.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';

export type Trashed = Output<typeof listTrash>['items'][number];

const PAGE_LIMIT = 50;
const LIVE_PAUSE_MS = 800;

interface TrashState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly notice: ErrorNotice | null;
  readonly nextCursor: string | null;
  readonly loadingMore: boolean;
}

/** What is in the trash of the workspace, those deleted last first. */
export const TrashStore = signalStore(
  withState<TrashState>({ status: 'loading', notice: null, nextCursor: null, loadingMore: false }),
  withEntities<Trashed>(),
  withComputed(({ nextCursor }) => ({ hasMore: computed(() => nextCursor() !== null) })),
  withProps(() => ({
    _api: inject(ApiClient),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
    _page: new AbortController(),
  })),
  withMethods((store) => {
    const options = { workspaceId: store._workspaceId, signal: store._page.signal };

    async function readPage(cursor: string | null) {
      return store._api.call<typeof listTrash>(
        { method: 'GET', url: '/api/v1/trash' },
        { querystring: cursor === null ? { limit: PAGE_LIMIT } : { limit: PAGE_LIMIT, cursor } },
        options,
      );
    }

    async function load(): Promise<void> {
      try {
        const { items, nextCursor } = await readPage(null);
        patchState(store, setAllEntities(items), { status: 'ready', notice: null, nextCursor });
      } catch (error) {
        if (options.signal.aborted) return;
        patchState(store, { status: store.status() === 'ready' ? 'ready' : 'failed', notice: describeError(error) });
      }
    }

    return {
      load,
      async loadMore(): Promise<void> {
        const cursor = store.nextCursor();
        if (cursor === null || store.loadingMore()) return;
        patchState(store, { loadingMore: true });
        try {
          const { items, nextCursor } = await readPage(cursor);
          if (store.nextCursor() === cursor) {
            const known = store.entityMap();
            patchState(store, setAllEntities([...store.entities(), ...items.filter(({ id }) => !(id in known))]), {
              nextCursor,
            });
          }
        } catch (error) {
          if (!options.signal.aborted) patchState(store, { notice: describeError(error) });
        } finally {
          patchState(store, { loadingMore: false });
        }
      },
      forget(ids: readonly string[]): void {
        patchState(store, removeEntities([...ids]));
      },
      /** @returns why it is still there; null where it is gone for good */
      async purge(artifact: Trashed): Promise<ErrorNotice | null> {
        try {
          await store._api.call<typeof purgeArtifact>(
            { method: 'DELETE', url: '/api/v1/trash/:id' },
            { params: { id: artifact.id } },
            { workspaceId: store._workspaceId, ifMatch: etagOf(artifact) },
          );
        } catch (error) {
          if (!isProblem(error, 'ARTIFACT_NOT_FOUND')) {
            if (isProblem(error, 'REVISION_STALE')) void load();
            return describeError(error);
          }
        }
        patchState(store, removeEntities([artifact.id]));
        return null;
      },
      /** @param progress hears how many are gone so far */
      async empty(progress: (deleted: number) => void): Promise<ErrorNotice | null> {
        let deleted = 0;
        try {
          for (;;) {
            const step = await store._api.call<typeof emptyTrash>(
              { method: 'POST', url: '/api/v1/trash/empty' },
              {},
              options,
            );
            deleted += step.deleted;
            progress(deleted);
            // Where others fill it as fast, nothing more is gained.
            if (step.isEmpty || step.deleted === 0) break;
          }
          await load();
          return null;
        } catch (error) {
          await load();
          return describeError(error);
        }
      },
      _end(): void {
        store._page.abort();
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      void store.load();
      actions
        .pipe(
          ofType(LiveActions.received),
          filter(({ workspaceId, event }) => {
            if (workspaceId !== store._workspaceId) return false;
            // One that is here and changes has been restored.
            if (event.type === 'artifact.changed') return event.artifact.id in store.entityMap();
            return event.type !== 'workspace.changed';
          }),
          debounceTime(LIVE_PAUSE_MS),
          takeUntilDestroyed(),
        )
        .subscribe(() => void store.load());
    },
    onDestroy(store) {
      store._end();
    },
  }),
);
