import { inject } from '@angular/core';
import { createEffect } from '@ngrx/effects';
import { Store, type Action } from '@ngrx/store';
import {
  EMPTY,
  Observable,
  combineLatest,
  distinctUntilChanged,
  fromEvent,
  map,
  merge,
  startWith,
  switchMap,
} from 'rxjs';
import { followEvents } from './event-stream.ts';
import { LiveActions, liveFeature } from './live-state.ts';
import { sessionFeature } from './session-state.ts';
import { TokenKeeper } from './token-keeper.ts';

/** Keeps one stream open, of the workspace on the screen, as long as somebody is signed in. */
export const followWorkspace = createEffect(
  (store = inject(Store), tokens = inject(TokenKeeper)) => {
    return combineLatest([store.select(liveFeature.selectWorkspaceId), store.select(sessionFeature.selectStatus)]).pipe(
      map(([workspaceId, status]) => (status === 'signed-in' ? workspaceId : null)),
      distinctUntilChanged(),
      switchMap((workspaceId) => (workspaceId === null ? EMPTY : streamActions(workspaceId, tokens))),
    );
  },
  { functional: true },
);

export const followNetwork = createEffect(
  () => {
    return merge(fromEvent(window, 'online'), fromEvent(window, 'offline')).pipe(
      startWith(null),
      map(() => LiveActions.networkChanged({ online: navigator.onLine })),
    );
  },
  { functional: true },
);

function streamActions(workspaceId: string, tokens: TokenKeeper): Observable<Action> {
  return new Observable((subscriber) => {
    const page = new AbortController();
    const listener = {
      connecting: (): void => {
        subscriber.next(LiveActions.connecting());
      },
      connected: (resumed: boolean): void => {
        subscriber.next(LiveActions.connected({ resumed }));
      },
      received: (event: Parameters<typeof LiveActions.received>[0]['event']): void => {
        subscriber.next(LiveActions.received({ workspaceId, event }));
      },
      lost: (): void => {
        subscriber.next(LiveActions.lost());
      },
      refused: (notice: Parameters<typeof LiveActions.refused>[0]['notice']): void => {
        subscriber.next(LiveActions.refused({ notice }));
      },
    };
    followEvents(workspaceId, tokens, listener, page.signal).then(
      () => {
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
    return () => {
      page.abort();
    };
  });
}
