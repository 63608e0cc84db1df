import { inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { TagCount, listTags, renameTag } from '@hortus/contracts/tag-api';
import { Actions, ofType } from '@ngrx/effects';
import { patchState, signalStore, withHooks, withMethods, withProps, withState } from '@ngrx/signals';
import { filter } from 'rxjs';
import { ApiClient } from '../api/api-client.ts';
import { describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { LiveActions } from '../session/live-state.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';

const TAGS_SHOWN = 100;

interface TagsState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly notice: ErrorNotice | null;
  readonly prefix: string;
  readonly tags: readonly TagCount[];
}

/** The tags of the workspace, most frequent first. */
export const TagsStore = signalStore(
  withState<TagsState>({ status: 'loading', notice: null, prefix: '', tags: [] }),
  withProps(() => ({
    _api: inject(ApiClient),
    _workspaceId: inject(CURRENT_WORKSPACE).id,
  })),
  withMethods((store) => {
    let reading = new AbortController();

    async function read(prefix: string, limit: number, signal: AbortSignal): Promise<readonly TagCount[]> {
      const { items } = await store._api.call<typeof listTags>(
        { method: 'GET', url: '/api/v1/tags' },
        { querystring: { limit, ...(prefix === '' ? {} : { prefix }) } },
        { workspaceId: store._workspaceId, signal },
      );
      return items;
    }

    async function load(): Promise<void> {
      reading.abort();
      reading = new AbortController();
      const { signal } = reading;
      try {
        const tags = await read(store.prefix().trim(), TAGS_SHOWN, signal);
        if (!signal.aborted) patchState(store, { status: 'ready', notice: null, tags });
      } catch (error) {
        if (signal.aborted) return;
        patchState(store, { status: store.status() === 'ready' ? 'ready' : 'failed', notice: describeError(error) });
      }
    }

    return {
      load,
      narrow(prefix: string): void {
        patchState(store, { prefix });
        void load();
      },
      /** The tag as it is used now; null where nothing has it. */
      async find(tag: string): Promise<TagCount | null> {
        const near = await read(tag, TAGS_SHOWN, reading.signal);
        return near.find((known) => known.tag === tag) ?? null;
      },
      /** @returns why it was not renamed; null where it was */
      async rename(tag: string, name: string): Promise<ErrorNotice | null> {
        try {
          await store._api.call<typeof renameTag>(
            { method: 'PATCH', url: '/api/v1/tags/:tag' },
            { params: { tag }, body: { name } },
            { workspaceId: store._workspaceId },
          );
        } catch (error) {
          // Somebody else has renamed it, or taken it off the last artifact.
          if (isProblem(error, 'TAG_NOT_FOUND')) void load();
          return describeError(error);
        }
        await load();
        return null;
      },
      _end(): void {
        reading.abort();
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
            const isAboutTags = event.type === 'workspace.changed' && event.part === 'tags';
            return workspaceId === store._workspaceId && (isAboutTags || event.type === 'reset');
          }),
          takeUntilDestroyed(),
        )
        .subscribe(() => void store.load());
    },
    onDestroy(store) {
      store._end();
    },
  }),
);
