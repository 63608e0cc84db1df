import type { Credentials, Person, SignedIn } from '@hortus/contracts/auth-api';
import type { WorkspaceMembership } from '@hortus/contracts/workspace';
import { createActionGroup, createFeature, createReducer, createSelector, emptyProps, on, props } from '@ngrx/store';
import type { ErrorNotice } from '../api/problem-error.ts';

/*
 * Who is signed in.
 *
 *   unknown ──restored──▶ signed-in ◀──signed in── signed-out
 *      └─────ended────────────┬──────ended, signed out──▲
 *
 * The access token lives here and nowhere else, so it is gone with the tab; the refresh cookie, which no script can read,
 * brings a new one.
 */
export type SessionStatus = 'unknown' | 'signed-in' | 'signed-out';

export interface SessionState {
  readonly status: SessionStatus;
  readonly user: Person | null;
  readonly workspaces: readonly WorkspaceMembership[];
  readonly accessToken: string | null;
  readonly signingIn: boolean;
  /** What goes with the code of the second factor, once the first one was right. */
  readonly challenge: string | null;
  /** Why signing in failed. */
  readonly signInNotice: ErrorNotice | null;
  /** Why nobody knows yet who is signed in: the api did not answer, and is being asked again. */
  readonly restoreNotice: ErrorNotice | null;
}

const signedOut: SessionState = {
  status: 'signed-out',
  user: null,
  workspaces: [],
  accessToken: null,
  signingIn: false,
  challenge: null,
  signInNotice: null,
  restoreNotice: null,
};

export const SessionActions = createActionGroup({
  source: 'Session',
  events: {
    /** A refresh brought a token: on start, or in place of one that wore out. */
    Refreshed: props<{ session: SignedIn }>(),
    'Restore Delayed': props<{ notice: ErrorNotice }>(),
    'Sign In Asked': props<{ credentials: Credentials; returnTo: string }>(),
    /** The person has a second factor. */
    'Code Asked': props<{ challenge: string }>(),
    'Code Given': props<{ code: string; challenge: string; returnTo: string }>(),
    /** Back to the first step. */
    'Sign In Begun Anew': emptyProps(),
    'Signed In': props<{ session: SignedIn; returnTo: string }>(),
    'Sign In Failed': props<{ notice: ErrorNotice }>(),
    'Sign Out Asked': emptyProps(),
    /** A person signed out, in this tab or in another one. */
    'Signed Out': props<{ inThisTab: boolean }>(),
    /** The api knows no session (any more). */
    Ended: emptyProps(),
  },
});

const reducer = createReducer<SessionState>(
  { ...signedOut, status: 'unknown' },
  on(SessionActions.refreshed, SessionActions.signedIn, (_state, { session }): SessionState => ({
    ...signedOut,
    status: 'signed-in',
    user: session.user,
    workspaces: session.workspaces,
    accessToken: session.accessToken,
  })),
  on(SessionActions.restoreDelayed, (state, { notice }): SessionState => ({ ...state, restoreNotice: notice })),
  on(SessionActions.signInAsked, SessionActions.codeGiven, (state): SessionState => ({
    ...state,
    signingIn: true,
    signInNotice: null,
  })),
  on(SessionActions.codeAsked, (state, { challenge }): SessionState => ({ ...state, signingIn: false, challenge })),
  on(SessionActions.signInBegunAnew, (state): SessionState => ({ ...state, challenge: null, signInNotice: null })),
  on(SessionActions.signInFailed, (state, { notice }): SessionState => ({
    ...state,
    signingIn: false,
    signInNotice: notice,
  })),
  on(SessionActions.signedOut, SessionActions.ended, (): SessionState => signedOut),
);

export const sessionFeature = createFeature({
  name: 'session',
  reducer,
  extraSelectors: ({ selectWorkspaces }) => ({
    selectWorkspaceBySlug: (slug: string) =>
      createSelector(selectWorkspaces, (workspaces) => workspaces.find((workspace) => workspace.slug === slug)),
  }),
});
