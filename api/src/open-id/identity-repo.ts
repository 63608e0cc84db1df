import type { Knex } from 'knex';
import { raw } from 'objection';
import type { Identity } from '@hortus/contracts/open-id-api';
import { IdentityRow } from './identity-row.ts';

const IDENTITIES_MAX = 20;

/** Whose identity it is. Needs the scope `identity`, which is the id. */
export async function findIdentityOwner(tx: Knex.Transaction, id: string): Promise<string | undefined> {
  return (await IdentityRow.query(tx).findById(id).select('userId'))?.userId;
}

/** False when the identity belongs to somebody already. Needs the scope `userId`. */
export async function insertIdentity(
  tx: Knex.Transaction,
  identity: { id: string; userId: string; issuer: string; subject: string },
): Promise<boolean> {
  // Without naming what may conflict: then PostgreSQL asks for no policy that shows the row in the way.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into openid_identities (id, user_id, issuer, subject) values (:id, :userId, :issuer, :subject)
     on conflict do nothing`,
    identity,
  );
  return rowCount > 0;
}

/** Whether it is still the person's. Needs the scope `userId`. */
export async function noteIdentityUse(tx: Knex.Transaction, userId: string, id: string): Promise<boolean> {
  const query = IdentityRow.query(tx).where({ id, userId });
  return (await query.patch({ lastUsedAt: raw('now()') as never })) > 0;
}

/** Needs the scope `userId`. */
export async function listIdentities(tx: Knex.Transaction, userId: string): Promise<Identity[]> {
  return IdentityRow.query(tx)
    .where({ userId })
    .orderBy('createdAt')
    .orderBy('id')
    .limit(IDENTITIES_MAX)
    .select('id', 'issuer', 'createdAt', 'lastUsedAt');
}

/** Needs the scope `userId`. */
export async function deleteIdentity(tx: Knex.Transaction, userId: string, id: string): Promise<boolean> {
  return (await IdentityRow.query(tx).where({ id, userId }).delete()) > 0;
}
