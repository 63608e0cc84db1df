import { computed } from '@angular/core';
import { patchState, signalStore, withComputed, withMethods, withState } from '@ngrx/signals';
import { extendTo, nothingSelected, toggle, without } from './artifact-selection.ts';

/** Which artifacts are selected, to do something with all of them. */
export const SelectionStore = signalStore(
  withState(nothingSelected),
  withComputed(({ ids }) => ({
    count: computed(() => ids().size),
    isAny: computed(() => ids().size > 0),
  })),
  withMethods((store) => ({
    toggle(id: string): void {
      patchState(store, (state) => toggle(state, id));
    },
    extendTo(id: string, order: readonly string[]): void {
      patchState(store, (state) => extendTo(state, order, id));
    },
    select(ids: readonly string[]): void {
      patchState(store, { ids: new Set(ids), anchor: null });
    },
    drop(ids: readonly string[]): void {
      patchState(store, (state) => without(state, ids));
    },
    clear(): void {
      patchState(store, nothingSelected);
    },
  })),
);
