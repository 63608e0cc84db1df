import type { Knex } from 'knex';
import { raw } from 'objection';
import { PASSKEYS_MAX, type Passkey } from '@hortus/contracts/passkey-api';
import { PasskeyRow } from './passkey-row.ts';

/* Everything here needs the scope `userId`. */

const SHOWN = ['id', 'name', 'isSynced', 'createdAt', 'lastUsedAt'] as const;

export async function listPasskeys(tx: Knex.Transaction, userId: string): Promise<PasskeyRow[]> {
  return PasskeyRow.query(tx).where({ userId }).orderBy('id').limit(PASSKEYS_MAX);
}

export async function listShownPasskeys(tx: Knex.Transaction, userId: string): Promise<Passkey[]> {
  return PasskeyRow.query(tx)
    .where({ userId })
    .orderBy('id')
    .limit(PASSKEYS_MAX)
    .select(...SHOWN);
}

/** Undefined when somebody has registered the credential already. */
export async function insertPasskey(
  tx: Knex.Transaction,
  passkey: Pick<PasskeyRow, 'userId' | 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'name' | 'isSynced'>,
): Promise<Passkey | undefined> {
  const { credentialId, publicKey, counter, transports, name, isSynced, userId } = passkey;
  // Without naming what may conflict: then PostgreSQL asks for no policy that shows the row in the way.
  const { rows } = await tx.raw<{ rows: Passkey[] }>(
    `insert into passkeys (user_id, credential_id, public_key, counter, transports, name, is_synced)
     values (:userId, :credentialId, :publicKey, :counter, :transports, :name, :isSynced)
     on conflict do nothing
     returning id, name, is_synced as "isSynced", created_at as "createdAt", last_used_at as "lastUsedAt"`,
    { userId, credentialId, publicKey, counter, transports, name, isSynced },
  );
  return rows[0];
}

export async function findPasskey(
  tx: Knex.Transaction,
  userId: string,
  credentialId: string,
): Promise<PasskeyRow | undefined> {
  return PasskeyRow.query(tx).findOne({ userId, credentialId }).forUpdate();
}

export async function notePasskeyUse(
  tx: Knex.Transaction,
  id: string,
  used: { counter: number; isSynced: boolean },
): Promise<void> {
  await PasskeyRow.query(tx)
    .findById(id)
    .patch({ ...used, lastUsedAt: raw('now()') as never });
}

export async function renamePasskey(
  tx: Knex.Transaction,
  userId: string,
  { id, name }: { id: string; name: string },
): Promise<Passkey | undefined> {
  return PasskeyRow.query(tx)
    .where({ id, userId })
    .patch({ name })
    .returning([...SHOWN])
    .first();
}

export async function deletePasskey(tx: Knex.Transaction, userId: string, id: string): Promise<boolean> {
  return (await PasskeyRow.query(tx).where({ id, userId }).delete()) > 0;
}
