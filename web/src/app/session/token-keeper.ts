import { Service, inject } from '@angular/core';
import type { SignedIn, refresh } from '@hortus/contracts/auth-api';
import { Store } from '@ngrx/store';
import { ConnectionError, describeError, isProblem } from '../api/problem-error.ts';
import { request } from '../api/request.ts';
import { renewAtMs } from './access-token.ts';
import { backoffMs } from './backoff.ts';
import { pauseUntilOnline } from './pause.ts';
import { maySessionExist } from './session-hint.ts';
import { SessionActions, sessionFeature } from './session-state.ts';

/**
 * Gives access tokens, and renews them by the refresh cookie.
 *
 * Only one refresh runs at a time: in this tab because callers share it, across tabs by a Web Lock. The cookie moves with
 * every refresh, so two at once would look like a replay to the api. A lost connection never signs anybody out; only the
 * api's word that the session has ended does.
 */
@Service()
export class TokenKeeper {
  readonly #store = inject(Store);
  readonly #token = this.#store.selectSignal(sessionFeature.selectAccessToken);
  readonly #user = this.#store.selectSignal(sessionFeature.selectUser);
  readonly #status = this.#store.selectSignal(sessionFeature.selectStatus);
  #known: { readonly token: string; readonly renewAtMs: number } | null = null;
  #refreshing: Promise<SignedIn> | null = null;
  #restoring: Promise<void> | null = null;

  /** A token that will hold for the next seconds. Throws when there is no session, or no connection. */
  async accessToken(): Promise<string> {
    const token = this.#token();
    if (token === null) return this.#renewUnlessSignedOut();
    if (this.#known?.token !== token) this.#known = { token, renewAtMs: renewAtMs(token, Date.now()) };
    return Date.now() < this.#known.renewAtMs ? token : this.renew(token);
  }

  /** A token other than the given one, which the api has refused. */
  async renew(refused: string): Promise<string> {
    const token = this.#token();
    if (token !== null && token !== refused) return token;
    return this.#renewUnlessSignedOut();
  }

  /** Finds out whether another tab has signed in. */
  async signInAsOtherTab(): Promise<void> {
    await this.#refresh();
  }

  /** Requests that were still under way when somebody signed out must not sign in again, nor end a session anew. */
  async #renewUnlessSignedOut(): Promise<string> {
    if (this.#status() === 'signed-out') throw new ConnectionError('You are signed out. Sign in again.');
    return (await this.#refresh()).accessToken;
  }

  /** Waits until it is known whether somebody is signed in. Asks again as long as the api can't be reached. */
  async restore(): Promise<void> {
    if (this.#status() !== 'unknown') return;
    if (!maySessionExist()) {
      this.#store.dispatch(SessionActions.ended());
      return;
    }
    this.#restoring ??= this.#restore().finally(() => {
      this.#restoring = null;
    });
    await this.#restoring;
  }

  async #restore(): Promise<void> {
    for (let attempt = 0; this.#status() === 'unknown'; attempt++) {
      try {
        await this.#refresh();
      } catch (error) {
        if (this.#status() !== 'unknown') return;
        this.#store.dispatch(SessionActions.restoreDelayed({ notice: describeError(error) }));
        await pauseUntilOnline(backoffMs(attempt, Math.random()));
      }
    }
  }

  #refresh(): Promise<SignedIn> {
    this.#refreshing ??= inTurn(() => request<typeof refresh>({ method: 'POST', url: '/api/v1/auth/refresh' }, {}))
      .then(
        (session) => {
          const before = this.#user();
          // Another person signed in to this browser: nothing of the person before may stay on the page.
          if (before !== null && before.id !== session.user.id) location.assign('/');
          this.#store.dispatch(SessionActions.refreshed({ session }));
          return session;
        },
        (error: unknown) => {
          const ended = isProblem(error, 'SESSION_ENDED', 'SIGN_IN_REQUIRED', 'TOKEN_INVALID');
          if (ended && this.#status() !== 'signed-out') {
            this.#store.dispatch(SessionActions.ended());
          }
          throw error;
        },
      )
      .finally(() => {
        this.#refreshing = null;
      });
    return this.#refreshing;
  }
}

/** Runs alone among the tabs of this browser. Plain HTTP has no Web Locks outside of localhost; then only the tab counts. */
async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { readonly locks?: LockManager };
  return locks === undefined ? task() : await locks.request('hortus-refresh', task);
}
