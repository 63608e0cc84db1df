import { computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Artifact } from '@hortus/contracts/artifact';
import type { FoundArtifact, listArtifacts } from '@hortus/contracts/artifact-api';
import type { Output } from '@hortus/contracts/endpoint';
import type { LiveEvent } from '@hortus/contracts/event-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withComputed, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { removeEntities, setAllEntities, withEntities } from '@ngrx/signals/entities';
import { ApiClient } from '../api/api-client.ts';
import { describeError, type ErrorNotice } from '../api/problem-error.ts';
import { LiveActions } from '../session/live-state.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { appendPage, followChange } from './artifact-list.ts';
import { putBack } from './bulk-outcome.ts';
import { filterQuery, isSameList, type ArtifactsView } from './artifacts-view.ts';

const GRID_PAGE = 60;
const PAGE_LIMIT_MAX = 100;
/** What only the api can tell is asked for at most once in this time. */
const UNSURE_PAUSE_MS = 1500;

type FoundList = Output<typeof listArtifacts>;

interface ArtifactsState {
  /** What the page asks for; null until there is one. */
  readonly view: ArtifactsView | null;
  /** `loading` and `failed` are about the first page; what is shown stays while it is loaded anew. */
  readonly status: 'loading' | 'ready' | 'failed';
  /** What is shown is of the view before, or may be out of date. */
  readonly refreshing: boolean;
  readonly notice: ErrorNotice | null;
  readonly nextCursor: string | null;
  /** How many there are over all pages, as far as the api counts. */
  readonly total: number | null;
  /** The query that was answered, where nothing has the words that were given. */
  readonly correctedQuery: string | null;
  readonly loadingMore: boolean;
  readonly moreNotice: ErrorNotice | null;
}

/** The artifacts of the workspace that the page asks for, as far as they are loaded; live events keep them right. */
export const ArtifactsStore = signalStore(
  withState<ArtifactsState>({
    view: null,
    status: 'loading',
    refreshing: false,
    notice: null,
    nextCursor: null,
    total: null,
    correctedQuery: null,
    loadingMore: false,
    moreNotice: null,
  }),
  withEntities<FoundArtifact>(),
  withComputed(({ nextCursor, status, entities }) => ({
    hasMore: computed(() => nextCursor() !== null),
    empty: computed(() => status() === 'ready' && entities().length === 0),
  })),
  withProps(() => ({
    _api: inject(ApiClient),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
    /** What happened while a list is on its way, since the list may be older than that. */
    _meanwhile: [] as LiveEvent[],
  })),
  withMethods((store) => {
    let underWay = 0;
    /** Ends when the page asks for something else. */
    let reading = new AbortController();
    let unsure: ReturnType<typeof setTimeout> | undefined;

    async function readPage(view: ArtifactsView, limit: number, cursor: string | null): Promise<FoundList> {
      const { filter } = view;
      const { signal } = reading;
      underWay += 1;
      try {
        return await store._api.call<typeof listArtifacts>(
          { method: 'GET', url: '/api/v1/artifacts' },
          {
            querystring: {
              limit,
              sort: filter.sort,
              ...filterQuery(filter),
              ...(cursor === view.after ? { count: true } : {}),
              ...(cursor === null ? {} : { cursor }),
            },
          },
          { workspaceId: store._workspaceId, signal },
        );
      } finally {
        underWay -= 1;
      }
    }

    /** From where the view begins, as many as are shown, in as many pages as that takes. */
    async function readFirst(view: ArtifactsView, count: number): Promise<FoundList> {
      let found = await readPage(view, Math.min(PAGE_LIMIT_MAX, count), view.after);
      while (found.nextCursor !== null && found.items.length < count) {
        const limit = Math.min(PAGE_LIMIT_MAX, count - found.items.length);
        const { items, nextCursor } = await readPage(view, limit, found.nextCursor);
        found = { ...found, items: [...found.items, ...items], nextCursor };
      }
      return found;
    }

    function show(list: readonly FoundArtifact[], more: Partial<ArtifactsState>): void {
      patchState(store, setAllEntities([...list]), { status: 'ready', refreshing: false, notice: null, ...more });
      for (const event of store._meanwhile) follow(event);
      if (underWay === 0) store._meanwhile.length = 0;
    }

    function follow(event: LiveEvent): void {
      const view = store.view();
      if (view === null) return;
      if (event.type === 'artifact.deleted') forget([event.artifactId]);
      else if (event.type === 'artifact.changed') {
        const { list, isUnsure } = followChange(store.entities(), event.artifact, view, store.hasMore());
        const added = list.length - store.entities().length;
        if (list !== store.entities())
          patchState(store, setAllEntities([...list]), ({ total }) => ({ total: plus(total, added) }));
        if (isUnsure) unsure ??= setTimeout(() => void load(true), UNSURE_PAUSE_MS);
      }
    }

    function forget(ids: readonly string[]): void {
      const known = ids.filter((id) => id in store.entityMap());
      if (known.length === 0) return;
      patchState(store, removeEntities(known), ({ total }) => ({ total: plus(total, -known.length) }));
    }

    /** @param keepsLength as many as are loaded, and not just the first page */
    async function load(keepsLength: boolean): Promise<void> {
      const view = store.view();
      if (view === null) return;
      clearTimeout(unsure);
      unsure = undefined;
      reading.abort();
      reading = new AbortController();
      const { signal } = reading;
      const isFirst = store.status() !== 'ready';
      patchState(store, {
        refreshing: true,
        moreNotice: null,
        ...(isFirst ? { status: 'loading', notice: null } : {}),
      });
      const length = view.layout === 'table' ? view.pageSize : GRID_PAGE;
      const grown = keepsLength && view.layout === 'grid' ? store.entities().length : 0;
      try {
        const { items, nextCursor, total, correctedQuery } = await readFirst(view, Math.max(length, grown));
        if (signal.aborted) return;
        show(items, { nextCursor, total: total ?? null, correctedQuery: correctedQuery ?? null });
      } catch (error) {
        if (signal.aborted) return;
        patchState(store, { status: isFirst ? 'failed' : 'ready', refreshing: false, notice: describeError(error) });
      }
    }

    return {
      forget,
      async load(): Promise<void> {
        await load(true);
      },
      /** Shows what the address asks for. What is shown already stays as it is. */
      show(view: ArtifactsView): void {
        const before = store.view();
        patchState(store, { view });
        if (before !== null && isSameList(before, view)) return;
        void load(false);
      },
      async loadMore(): Promise<void> {
        const view = store.view();
        const cursor = store.nextCursor();
        if (view === null || cursor === null || store.loadingMore() || store.refreshing()) return;
        const { signal } = reading;
        patchState(store, { loadingMore: true, moreNotice: null });
        try {
          const page = await readPage(view, PAGE_LIMIT_MAX, cursor);
          // The list was loaded anew in the meantime: this page belongs to the one before.
          if (!signal.aborted) show(appendPage(store.entities(), page.items), { nextCursor: page.nextCursor });
        } catch (error) {
          if (!signal.aborted) patchState(store, { moreNotice: describeError(error) });
        } finally {
          patchState(store, { loadingMore: false });
        }
      },
      /** Shows an artifact as it stands now, without waiting for the event that says so. */
      place(artifact: Artifact): void {
        if (store.status() === 'ready') follow({ type: 'artifact.changed', artifact });
      },
      /** Shows again what was taken off the list too early. */
      putBack(before: readonly FoundArtifact[], ids: readonly string[]): void {
        const list = putBack(store.entities(), before, new Set(ids));
        const added = list.length - store.entities().length;
        if (added > 0) patchState(store, setAllEntities(list), ({ total }) => ({ total: plus(total, added) }));
      },
      _receive(event: LiveEvent): void {
        if (event.type === 'reset') {
          void load(true);
          return;
        }
        if (underWay > 0) store._meanwhile.push(event);
        if (store.status() === 'ready') follow(event);
      },
      _end(): void {
        clearTimeout(unsure);
        reading.abort();
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      actions.pipe(ofType(LiveActions.received), takeUntilDestroyed()).subscribe(({ workspaceId, event }) => {
        if (workspaceId === store._workspaceId) store._receive(event);
      });
      actions.pipe(ofType(LiveActions.connected), takeUntilDestroyed()).subscribe(({ resumed }) => {
        if (!resumed && store.view() !== null) void store.load();
      });
    },
    onDestroy(store) {
      store._end();
    },
  }),
);

function plus(total: number | null, count: number): number | null {
  return total === null ? null : Math.max(0, total + count);
}
