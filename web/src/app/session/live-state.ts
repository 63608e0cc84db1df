import type { LiveEvent } from '@hortus/contracts/event-api';
import { createActionGroup, createFeature, createReducer, emptyProps, on, props } from '@ngrx/store';
import type { ErrorNotice } from '../api/problem-error.ts';

/*
 * The stream of live events of the workspace on the screen.
 *
 *   idle ──workspace entered──▶ connecting ──connected──▶ open
 *                                  ▲  └──lost──▶ waiting ◀──lost──┘
 *                                  └──────────────┘
 *   any ──workspace left──▶ idle            connecting ──refused──▶ refused
 */
export type LiveStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'refused';

export interface LiveState {
  readonly workspaceId: string | null;
  readonly status: LiveStatus;
  /** Attempts to connect that failed since the last good one. */
  readonly failures: number;
  /** What the browser says of the network. */
  readonly online: boolean;
}

export const LiveActions = createActionGroup({
  source: 'Live',
  events: {
    'Workspace Entered': props<{ workspaceId: string }>(),
    'Workspace Left': props<{ workspaceId: string }>(),
    Connecting: emptyProps(),
    /** `resumed`: nothing was missed. Otherwise what is shown may be out of date. */
    Connected: props<{ resumed: boolean }>(),
    Received: props<{ workspaceId: string; event: LiveEvent }>(),
    Lost: emptyProps(),
    /** Trying again would not help. */
    Refused: props<{ notice: ErrorNotice }>(),
    'Network Changed': props<{ online: boolean }>(),
  },
});

const idle: LiveState = { workspaceId: null, status: 'idle', failures: 0, online: true };

export const liveFeature = createFeature({
  name: 'live',
  reducer: createReducer<LiveState>(
    idle,
    on(LiveActions.workspaceEntered, ({ online }, { workspaceId }): LiveState => ({ ...idle, online, workspaceId })),
    // The shell of the next workspace may be there before the one of the last has gone.
    on(LiveActions.workspaceLeft, (state, { workspaceId }): LiveState =>
      state.workspaceId === workspaceId ? { ...idle, online: state.online } : state,
    ),
    on(LiveActions.connecting, (state): LiveState => ({ ...state, status: 'connecting' })),
    on(LiveActions.connected, (state): LiveState => ({ ...state, status: 'open', failures: 0 })),
    on(LiveActions.lost, (state): LiveState => ({ ...state, status: 'waiting', failures: state.failures + 1 })),
    on(LiveActions.refused, (state): LiveState => ({ ...state, status: 'refused' })),
    on(LiveActions.networkChanged, (state, { online }): LiveState => ({ ...state, online })),
  ),
});
