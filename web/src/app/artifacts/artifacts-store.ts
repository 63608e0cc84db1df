import { computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Artifact } from '@hortus/contracts/artifact';
import type { listArtifacts } from '@hortus/contracts/artifact-api';
import type { Output } from '@hortus/contracts/endpoint';
import type { LiveEvent } from '@hortus/contracts/event-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withComputed, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { removeEntity, setAllEntities, withEntities } from '@ngrx/signals/entities';
import { ApiClient } from '../api/api-client.ts';
import { describeError, type ErrorNotice } from '../api/problem-error.ts';
import { LiveActions } from '../session/live-state.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { appendPage, placeArtifact } from './artifact-list.ts';

const PAGE_LIMIT = 24;
const PAGE_LIMIT_MAX = 100;

interface ArtifactsState {
  /** `loading` and `failed` are about the first page; what is shown stays while it is loaded anew. */
  readonly status: 'loading' | 'ready' | 'failed';
  readonly notice: ErrorNotice | null;
  readonly nextCursor: string | null;
  readonly loadingMore: boolean;
  readonly moreNotice: ErrorNotice | null;
}

/** The artifacts of the workspace, newest first, as far as they are loaded; live events keep them right. */
export const ArtifactsStore = signalStore(
  withState<ArtifactsState>({
    status: 'loading',
    notice: null,
    nextCursor: null,
    loadingMore: false,
    moreNotice: null,
  }),
  withEntities<Artifact>(),
  withComputed(({ nextCursor, status, entities }) => ({
    hasMore: computed(() => nextCursor() !== null),
    empty: computed(() => status() === 'ready' && entities().length === 0),
  })),
  withProps(() => ({
    _api: inject(ApiClient),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
    _page: new AbortController(),
    /** What happened while a list is on its way, since the list may be older than that. */
    _meanwhile: [] as LiveEvent[],
  })),
  withMethods((store) => {
    let underWay = 0;
    let loads = 0;

    async function readPage(limit: number, cursor: string | null): Promise<Output<typeof listArtifacts>> {
      underWay += 1;
      try {
        return await store._api.call<typeof listArtifacts>(
          { method: 'GET', url: '/api/v1/artifacts' },
          { querystring: cursor === null ? { limit } : { limit, cursor } },
          { workspaceId: store._workspaceId, signal: store._page.signal },
        );
      } finally {
        underWay -= 1;
      }
    }

    /** The newest `count` artifacts, in as many pages as that takes. */
    async function readFirst(count: number): Promise<Output<typeof listArtifacts>> {
      const items: Artifact[] = [];
      let nextCursor: string | null = null;
      do {
        const page = await readPage(Math.min(PAGE_LIMIT_MAX, count - items.length), nextCursor);
        items.push(...page.items);
        nextCursor = page.nextCursor;
      } while (nextCursor !== null && items.length < count);
      return { items, nextCursor };
    }

    function show(list: readonly Artifact[], nextCursor: string | null): void {
      patchState(store, setAllEntities([...list]), { status: 'ready', notice: null, nextCursor });
      for (const event of store._meanwhile) follow(event);
      if (underWay === 0) store._meanwhile.length = 0;
    }

    function follow(event: LiveEvent): void {
      if (event.type === 'artifact.changed') {
        patchState(store, setAllEntities([...placeArtifact(store.entities(), event.artifact, store.hasMore())]));
      } else if (event.type === 'artifact.deleted') patchState(store, removeEntity(event.artifactId));
    }

    async function load(): Promise<void> {
      const turn = ++loads;
      if (store.entities().length === 0) patchState(store, { status: 'loading', notice: null });
      try {
        const { items, nextCursor } = await readFirst(Math.max(PAGE_LIMIT, store.entities().length));
        if (turn === loads) show(items, nextCursor);
      } catch (error) {
        if (store._page.signal.aborted || turn !== loads) return;
        const status = store.entities().length === 0 ? 'failed' : 'ready';
        patchState(store, { status, notice: describeError(error) });
      }
    }

    return {
      load,
      async loadMore(): Promise<void> {
        const cursor = store.nextCursor();
        if (cursor === null || store.loadingMore()) return;
        patchState(store, { loadingMore: true, moreNotice: null });
        try {
          const page = await readPage(PAGE_LIMIT, cursor);
          // The list was loaded anew in the meantime: this page belongs to the one before.
          if (store.nextCursor() === cursor) show(appendPage(store.entities(), page.items), page.nextCursor);
        } catch (error) {
          if (!store._page.signal.aborted) patchState(store, { moreNotice: describeError(error) });
        } finally {
          patchState(store, { loadingMore: false });
        }
      },
      /** Takes off the list what was deleted here, without waiting for the event that says so. */
      forget(id: string): void {
        patchState(store, removeEntity(id));
      },
      _receive(event: LiveEvent): void {
        if (event.type === 'reset') {
          void load();
          return;
        }
        if (underWay > 0) store._meanwhile.push(event);
        if (store.status() === 'ready') follow(event);
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      void store.load();
      actions.pipe(ofType(LiveActions.received), takeUntilDestroyed()).subscribe(({ workspaceId, event }) => {
        if (workspaceId === store._workspaceId) store._receive(event);
      });
      actions.pipe(ofType(LiveActions.connected), takeUntilDestroyed()).subscribe(({ resumed }) => {
        if (!resumed) void store.load();
      });
    },
    onDestroy(store) {
      store._page.abort();
    },
  }),
);
