import type { Knex } from 'knex';
import type { GardenArtifactInput } from '@hortus/contracts/gardener';
import { notifyAfterCommit } from '../db/notice.ts';

/** The channel on which the relay hears that there is work. */
export const OUTBOX_CHANNEL = 'hortus_outbox';

/** A workflow that is to be started; its input names what it is about. */
export interface Intent {
  readonly workflow: 'gardenArtifact';
  readonly input: GardenArtifactInput;
}

export type OutboxRow = Intent & { readonly id: number; readonly attempts: number };

/** Commits together with what the intent follows from. Needs the scope `workspaceId`. */
export async function addIntent(tx: Knex.Transaction, workspaceId: string, intent: Intent): Promise<void> {
  await tx('outbox').insert({ workspaceId, workflow: intent.workflow, input: JSON.stringify(intent.input) });
  notifyAfterCommit(tx, { channel: OUTBOX_CHANNEL, payload: '' });
}

/**
 * Takes intents for a time: nobody else gets them until it is over, and a relay that dies in between loses none. Needs the
 * scope `instance`.
 */
export async function claimIntents(
  tx: Knex.Transaction,
  options: { limit: number; holdMs: number },
): Promise<OutboxRow[]> {
  const { rows } = await tx.raw<{ rows: OutboxRow[] }>(
    `update outbox set attempts = attempts + 1, available_at = now() + make_interval(secs => :holdSeconds)
     where id in (select id from outbox where available_at <= now() order by id limit :limit for update skip locked)
     returning id, workflow, input, attempts`,
    { limit: options.limit, holdSeconds: options.holdMs / 1000 },
  );
  return rows.toSorted((a, b) => a.id - b.id);
}

/** Needs the scope `instance`. */
export async function removeIntents(tx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await tx('outbox').whereIn('id', ids).delete();
}

/** Gives intents back, to be tried again after a pause. Needs the scope `instance`. */
export async function postponeIntents(tx: Knex.Transaction, ids: readonly number[], pauseMs: number): Promise<void> {
  await tx('outbox')
    .whereIn('id', ids)
    .update({ availableAt: tx.raw('now() + make_interval(secs => ?)', [pauseMs / 1000]) });
}

/** How many intents wait, and for how long the oldest has. Needs the scope `instance`. */
export async function measureOutbox(tx: Knex.Transaction): Promise<{ pending: number; lagSeconds: number }> {
  const { rows } = await tx.raw<{ rows: { pending: number; lagSeconds: number }[] }>(
    `select count(*) as pending, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "lagSeconds" from outbox`,
  );
  return rows[0] ?? { pending: 0, lagSeconds: 0 };
}
