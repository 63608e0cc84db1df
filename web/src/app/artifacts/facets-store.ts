import { inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Facets, getFacets } from '@hortus/contracts/artifact-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { debounceTime, filter } from 'rxjs';
import { ApiClient } from '../api/api-client.ts';
import { describeError, type ErrorNotice } from '../api/problem-error.ts';
import { LiveActions } from '../session/live-state.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { filterQuery, type ArtifactsFilter } from './artifacts-view.ts';

/** While much happens, counts need not follow each step. */
const LIVE_PAUSE_MS = 2000;

/** How the artifacts that a filter leaves are spread over tags, kinds and statuses. */
export const FacetsStore = signalStore(
  withState<{ readonly facets: Facets | null; readonly notice: ErrorNotice | null }>({ facets: null, notice: null }),
  withProps(() => ({
    _api: inject(ApiClient),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
  })),
  withMethods((store) => {
    let reading = new AbortController();
    let asked: ArtifactsFilter | null = null;

    async function load(): Promise<void> {
      if (asked === null) return;
      reading.abort();
      reading = new AbortController();
      const { signal } = reading;
      try {
        const facets = await store._api.call<typeof getFacets>(
          { method: 'GET', url: '/api/v1/artifacts/facets' },
          { querystring: filterQuery(asked) },
          { workspaceId: store._workspaceId, signal },
        );
        patchState(store, { facets, notice: null });
      } catch (error) {
        if (!signal.aborted) patchState(store, { notice: describeError(error) });
      }
    }

    return {
      load,
      count(filter: ArtifactsFilter): void {
        asked = filter;
        void load();
      },
      _end(): void {
        reading.abort();
      },
    };
  }),
  withHooks({
    onInit(store, actions = inject(Actions)) {
      actions
        .pipe(
          ofType(LiveActions.received),
          filter(({ workspaceId }) => workspaceId === store._workspaceId),
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
