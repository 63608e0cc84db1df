import { inject } from '@angular/core';
import { Router } from '@angular/router';
import type { finishLogin, login, logout } from '@hortus/contracts/auth-api';
import { Actions, createEffect, ofType } from '@ngrx/effects';
import { mapResponse } from '@ngrx/operators';
import { Store } from '@ngrx/store';
import { Observable, exhaustMap, filter, from, map, tap } from 'rxjs';
import { describeError } from '../api/problem-error.ts';
import { request } from '../api/request.ts';
import { returnAddress } from './return-address.ts';
import { SessionChannel, type SessionMessage } from './session-channel.ts';
import { rememberSession } from './session-hint.ts';
import { SessionActions, sessionFeature } from './session-state.ts';
import { TokenKeeper } from './token-keeper.ts';

export const signIn = createEffect(
  (actions = inject(Actions)) => {
    return actions.pipe(
      ofType(SessionActions.signInAsked),
      exhaustMap(({ credentials, returnTo }) =>
        from(request<typeof login>({ method: 'POST', url: '/api/v1/auth/login' }, { body: credentials })).pipe(
          mapResponse({
            next: (outcome) =>
              'challenge' in outcome
                ? SessionActions.codeAsked({ challenge: outcome.challenge })
                : SessionActions.signedIn({ session: outcome, returnTo }),
            error: (error: unknown) => SessionActions.signInFailed({ notice: describeError(error) }),
          }),
        ),
      ),
    );
  },
  { functional: true },
);

export const giveCode = createEffect(
  (actions = inject(Actions)) => {
    return actions.pipe(
      ofType(SessionActions.codeGiven),
      exhaustMap(({ code, challenge, returnTo }) =>
        from(
          request<typeof finishLogin>(
            { method: 'POST', url: '/api/v1/auth/login/code' },
            { body: { code, challenge } },
          ),
        ).pipe(
          mapResponse({
            next: (session) => SessionActions.signedIn({ session, returnTo }),
            error: (error: unknown) => SessionActions.signInFailed({ notice: describeError(error) }),
          }),
        ),
      ),
    );
  },
  { functional: true },
);

export const enter = createEffect(
  (actions = inject(Actions), router = inject(Router), channel = inject(SessionChannel)) => {
    return actions.pipe(
      ofType(SessionActions.signedIn),
      tap(({ session, returnTo }) => {
        channel.post({ type: 'signed-in', userId: session.user.id });
        void router.navigateByUrl(returnAddress(returnTo), { replaceUrl: true });
      }),
    );
  },
  { functional: true, dispatch: false },
);

/** The page forgets the person at once, whether or not the api can be reached to end the session. */
export const signOut = createEffect(
  (actions = inject(Actions)) => {
    return actions.pipe(
      ofType(SessionActions.signOutAsked),
      tap(() => {
        request<typeof logout>({ method: 'POST', url: '/api/v1/auth/logout' }, {}).catch(() => undefined);
      }),
      map(() => SessionActions.signedOut({ inThisTab: true })),
    );
  },
  { functional: true },
);

export const leave = createEffect(
  (actions = inject(Actions), router = inject(Router), channel = inject(SessionChannel)) => {
    return actions.pipe(
      ofType(SessionActions.signedOut),
      tap(({ inThisTab }) => {
        if (inThisTab) channel.post({ type: 'signed-out' });
        void router.navigateByUrl('/sign-in');
      }),
    );
  },
  { functional: true, dispatch: false },
);

/** The session ended by itself: sign in again, and come back to where you were. While the page starts, the guard does it. */
export const askToSignInAgain = createEffect(
  (actions = inject(Actions), router = inject(Router)) => {
    return actions.pipe(
      ofType(SessionActions.ended),
      filter(() => router.navigated && !router.url.startsWith('/sign-in')),
      tap(() => void router.navigate(['/sign-in'], { queryParams: { return: router.url } })),
    );
  },
  { functional: true, dispatch: false },
);

export const remember = createEffect(
  (actions = inject(Actions)) => {
    return actions.pipe(
      ofType(SessionActions.signedIn, SessionActions.refreshed, SessionActions.signedOut, SessionActions.ended),
      tap(({ type }) => {
        rememberSession(type === SessionActions.signedIn.type || type === SessionActions.refreshed.type);
      }),
    );
  },
  { functional: true, dispatch: false },
);

/** Follows what happens in other tabs. */
export const followOtherTabs = createEffect(
  (channel = inject(SessionChannel), store = inject(Store), tokens = inject(TokenKeeper), router = inject(Router)) => {
    const user = store.selectSignal(sessionFeature.selectUser);
    const messages = new Observable<SessionMessage>((subscriber) =>
      channel.listen((message) => {
        subscriber.next(message);
      }),
    );
    return messages.pipe(
      tap((message) => {
        if (message.type === 'signed-out') {
          if (user() !== null) store.dispatch(SessionActions.signedOut({ inThisTab: false }));
          return;
        }
        // Another person in this browser: nothing of the person before may stay in this tab.
        if (user() !== null && user()?.id !== message.userId) location.assign('/');
        if (user() === null) {
          const returnTo = new URLSearchParams(location.search).get('return');
          tokens.signInAsOtherTab().then(
            () => void router.navigateByUrl(returnAddress(returnTo), { replaceUrl: true }),
            () => undefined,
          );
        }
      }),
    );
  },
  { functional: true, dispatch: false },
);
