import type { Knex } from 'knex';

export interface KeyOwner {
  readonly workspaceId: string;
  readonly userId: string;
  readonly key: string;
}

export interface KnownAnswer {
  readonly requestHash: string;
  readonly sealedAnswer: Buffer;
}

/** Holds the key until the transaction ends. @returns false where another transaction holds it */
export async function tryHoldKey(tx: Knex.Transaction, { workspaceId, userId, key }: KeyOwner): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { held: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 11)) as held',
    [JSON.stringify([workspaceId, userId, key])],
  );
  return rows[0]?.held ?? false;
}

/** Needs the scope `workspaceId` and `userId`. */
export async function findAnswer(tx: Knex.Transaction, owner: KeyOwner): Promise<KnownAnswer | undefined> {
  const { workspaceId, userId, key } = owner;
  return tx('idempotencyKeys')
    .where({ workspaceId, userId, key })
    .first<KnownAnswer | undefined>('requestHash', 'sealedAnswer');
}

/** Needs the scope `workspaceId` and `userId`. */
export async function insertAnswer(
  tx: Knex.Transaction,
  { workspaceId, userId, key }: KeyOwner,
  { requestHash, sealedAnswer }: KnownAnswer,
): Promise<void> {
  await tx('idempotencyKeys').insert({ workspaceId, userId, key, requestHash, sealedAnswer });
}

/** Needs the scope `instance`. */
export async function pruneAnswers(tx: Knex.Transaction, keepHours: number): Promise<void> {
  await tx('idempotencyKeys').whereRaw('created_at < now() - make_interval(hours => ?)', [keepHours]).delete();
}
