import type { Listener } from '../db/listener.ts';
import { EVENT_CHANNEL } from './event-repo.ts';

/** The channel on which the replicas hear whose access has changed (migration 0009); the payload is the person's id. */
export const ACCESS_CHANNEL = 'hortus_access';

/** Wakes the streams of a workspace when it has new events, in whichever replica they happened. */
export interface EventBus {
  /** @returns a function that ends the subscription */
  subscribe(workspaceId: string, wake: () => void): () => void;
  /**
   * Calls when a session, a role, a membership or an API token of the person has ended or changed, in whichever replica.
   *
   * @returns a function that ends the subscription
   */
  subscribeAccess(userId: string, recheck: () => void): () => void;
}

type Subscribe = (key: string, wake: () => void) => () => void;

/** One channel, whose payload says for whom it is. */
function createSubscriptions(listener: Listener, channel: string): Subscribe {
  const wakers = new Map<string, Set<() => void>>();
  listener.on(channel, (key) => {
    // After a lost connection nobody knows what was missed, so everybody looks.
    const woken = key === null ? [...wakers.values()] : [wakers.get(key) ?? new Set<() => void>()];
    for (const set of woken) for (const wake of set) wake();
  });
  return (key, wake) => {
    const set = wakers.get(key) ?? new Set();
    wakers.set(key, set.add(wake));
    return () => {
      set.delete(wake);
      if (set.size === 0) wakers.delete(key);
    };
  };
}

export function createEventBus(listener: Listener): EventBus {
  return {
    subscribe: createSubscriptions(listener, EVENT_CHANNEL),
    subscribeAccess: createSubscriptions(listener, ACCESS_CHANNEL),
  };
}
