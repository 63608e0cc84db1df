import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@hortus/service/logger';
import type { KubeClient } from './client.ts';
import { startDeadline } from './deadline.ts';
import { isKubeError } from './kube-error.ts';
import { toMicroTime } from './micro-time.ts';
import type { KubeObject, ObjectName, Resource } from './resource.ts';

/*
 * One of several processes leads, by the rules of client-go:
 *
 *     waiting ──the lease is free, or stood still for its whole length──▶ leading ──renewed──▶ leading
 *                                                                            │
 *     ended ◀── not renewed for `renewWithinMs`, taken by another, or told to stop (then it is given back)
 *
 * Invariants: whoever leads stops before the lease can run out, since `renewWithinMs` is less than `leaseMs`; how long a lease
 * stood still is measured by our own clock that never jumps, from the moment at which we saw it change last, and never by
 * the times that are written in it; every write names the version that it follows from, so that two can't both get it.
 */

export interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number | null;
    acquireTime?: string | null;
    renewTime?: string | null;
    leaseTransitions?: number | null;
  };
}

export const LEASE: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  isNamespaced: true,
};

export interface LeaderElectionOptions {
  readonly client: KubeClient;
  readonly lease: ObjectName & { readonly namespace: string };
  /** Names this process, and no other one ever. */
  readonly identity: string;
  readonly fieldManager: string;
  /** How long others wait before they take a lease that nobody renews. */
  readonly leaseMs?: number;
  /** How long we try to renew before we stop leading; less than `leaseMs`. */
  readonly renewWithinMs?: number;
  readonly retryMs?: number;
  readonly logger: Logger;
  /** Ends the waiting or the leading. */
  readonly signal: AbortSignal;
  /** The work of the leader. It must end soon after its signal; nothing may be written after. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  readonly now?: () => number;
}

const JITTER = 1.2;

interface Seen {
  readonly lease: Lease;
  /** What tells one state of the lease from another. */
  readonly mark: string;
  /** When we saw it change to this state, by our clock. */
  readonly at: number;
}

/**
 * Waits for the lease, leads, and gives it back.
 *
 * @returns how it ended: `stopped` by the signal, `lost` to time or to another, `done` when `lead` returned by itself
 */
export async function runAsLeader(options: LeaderElectionOptions): Promise<'stopped' | 'lost' | 'done'> {
  const { client, lease: name, identity, fieldManager, logger, signal } = options;
  const { leaseMs = 15_000, renewWithinMs = 10_000, retryMs = 2_000, now = () => performance.now() } = options;
  if (renewWithinMs >= leaseMs) throw new Error('renewWithinMs must be less than leaseMs: else two could lead at once');
  let seen: Seen | undefined;
  const end = { isLost: false };

  function note(lease: Lease): void {
    const mark = JSON.stringify(lease.spec ?? {});
    if (seen?.mark === mark) seen = { ...seen, lease };
    else seen = { lease, mark, at: now() };
  }

  /** Writes the lease as ours, if it is ours to write. */
  async function tryHold(within: AbortSignal): Promise<boolean> {
    const stamp = toMicroTime(new Date());
    const spec = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(leaseMs / 1000), renewTime: stamp };
    const standing = await client.get<Lease>(LEASE, name, within);
    if (standing === undefined) {
      const fresh: Lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { ...name },
        spec: { ...spec, acquireTime: stamp, leaseTransitions: 0 },
      };
      note(await client.create(LEASE, fresh, { fieldManager, signal: within }));
      return true;
    }
    note(standing);
    const { holderIdentity, leaseDurationSeconds, acquireTime, leaseTransitions } = standing.spec ?? {};
    const isOurs = holderIdentity === identity;
    const isFree = (holderIdentity ?? '') === '';
    const lengthMs = (leaseDurationSeconds ?? leaseMs / 1000) * 1000;
    if (!isOurs && !isFree && now() - (seen?.at ?? now()) < lengthMs) return false;
    const next: Lease = {
      ...standing,
      spec: {
        ...spec,
        acquireTime: isOurs ? (acquireTime ?? stamp) : stamp,
        leaseTransitions: (leaseTransitions ?? 0) + (isOurs ? 0 : 1),
      },
    };
    note(await client.replace(LEASE, next, { fieldManager, signal: within }));
    return true;
  }

  async function tryHoldQuietly(timeoutMs: number): Promise<boolean> {
    const deadline = startDeadline(timeoutMs, signal);
    try {
      return await tryHold(deadline.signal);
    } catch (error) {
      if (!signal.aborted && !isKubeError(error, 409))
        logger.warn({ err: error, lease: name.name }, 'the lease could not be asked for');
      return false;
    } finally {
      deadline.clear();
    }
  }

  /** Renews until `ended` is aborted; aborts it where renewing fails for too long, or another holds the lease. */
  async function keep(ended: AbortController): Promise<void> {
    let heldAt = now();
    const leftMs = (): number => renewWithinMs - (now() - heldAt);
    while (!ended.signal.aborted) {
      await pause(Math.max(0, Math.min(retryMs, leftMs())), undefined, { signal: ended.signal }).catch(() => undefined);
      if (isAborted(ended.signal)) return;
      // What is begun before the time runs out may still come through after it; so it gets no more than is left.
      const began = now();
      if (leftMs() > 0 && (await tryHoldQuietly(leftMs()))) heldAt = began;
      const holder = seen?.lease.spec?.holderIdentity;
      if (isAborted(ended.signal) || (holder === identity && leftMs() > 0)) continue;
      logger.error({ lease: name.name, holder }, 'the lease is lost');
      end.isLost = true;
      ended.abort(new Error('the lease is lost'));
    }
  }

  async function giveBack(): Promise<void> {
    const { lease } = seen ?? {};
    if (lease?.spec?.holderIdentity !== identity) return;
    const stamp = toMicroTime(new Date());
    const free: Lease = {
      ...lease,
      spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: stamp, acquireTime: stamp },
    };
    const deadline = startDeadline(renewWithinMs);
    try {
      await client.replace(LEASE, free, { fieldManager, signal: deadline.signal });
    } catch (error) {
      logger.warn({ err: error, lease: name.name }, 'the lease could not be given back; others wait until it runs out');
    } finally {
      deadline.clear();
    }
  }

  while (!(await tryHoldQuietly(renewWithinMs))) {
    await pause(retryMs * (1 + Math.random() * (JITTER - 1)), undefined, { signal }).catch(() => undefined);
    if (isAborted(signal)) return 'stopped';
  }
  logger.info({ lease: name.name, transitions: seen?.lease.spec?.leaseTransitions }, 'this process leads');
  const ended = new AbortController();
  const follow = (): void => {
    ended.abort(signal.reason);
  };
  signal.addEventListener('abort', follow, { once: true });
  if (isAborted(signal)) follow();
  const keeping = keep(ended);
  try {
    await options.lead(ended.signal);
  } finally {
    ended.abort(new Error('the leader ended'));
    signal.removeEventListener('abort', follow);
    await keeping;
    if (!end.isLost) await giveBack();
  }
  if (end.isLost) return 'lost';
  return signal.aborted ? 'stopped' : 'done';
}

/** Asked anew: it changes while somebody waits, which a compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
