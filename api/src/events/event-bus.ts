import type { Listener } from '../db/listener.ts';
import { EVENT_CHANNEL } from './event-repo.ts';

/** Wakes the streams of a workspace when it has new events, in whichever replica they happened. */
export interface EventBus {
  /** @returns a function that ends the subscription */
  subscribe(workspaceId: string, wake: () => void): () => void;
}

export function createEventBus(listener: Listener): EventBus {
  const wakers = new Map<string, Set<() => void>>();
  listener.on(EVENT_CHANNEL, (workspaceId) => {
    // After a lost connection nobody knows what was missed, so everybody looks.
    const woken = workspaceId === null ? [...wakers.values()] : [wakers.get(workspaceId) ?? new Set<() => void>()];
    for (const set of woken) for (const wake of set) wake();
  });
  return {
    subscribe(workspaceId, wake) {
      const set = wakers.get(workspaceId) ?? new Set();
      wakers.set(workspaceId, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0) wakers.delete(workspaceId);
      };
    },
  };
}
