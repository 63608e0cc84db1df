import type { Knex } from 'knex';
import type { LinkToken } from './one-time-link.ts';

/** `registration`: makes an account; `reset`: a new password; `email`: another address. */
export type LinkKind = 'registration' | 'reset' | 'email';

/** What a registration holds until it is confirmed. */
export interface PendingAccount {
  readonly displayName: string;
  readonly passwordHash: string;
  readonly workspaceName: string | null;
}

export interface LinkRow {
  readonly id: string;
  readonly email: string;
  readonly userId: string | null;
  readonly displayName: string | null;
  readonly passwordHash: string | null;
  readonly workspaceName: string | null;
}

export interface NewLink {
  readonly id: string;
  readonly kind: LinkKind;
  readonly email: string;
  readonly userId: string | null;
  /** Null: nothing can be done by it; it only counts. */
  readonly secretSha256: string | null;
  readonly account: PendingAccount | null;
  readonly addressBlock: string;
  readonly minutes: number;
}

/** Needs the scope `email`. */
export async function insertLink(tx: Knex.Transaction, { account, minutes, ...link }: NewLink): Promise<void> {
  await tx('emailLinks').insert({
    ...link,
    displayName: account?.displayName ?? null,
    passwordHash: account?.passwordHash ?? null,
    workspaceName: account?.workspaceName ?? null,
    expiresAt: tx.raw('now() + make_interval(mins => ?)', [minutes]),
  });
}

/** How often a link was asked for in the last hour, in all and from one address block. Needs the scope `email`. */
export async function countRecentLinks(
  tx: Knex.Transaction,
  asked: { email: string; kind: LinkKind; addressBlock: string },
): Promise<{ all: number; fromBlock: number }> {
  const { rows } = await tx.raw<{ rows: { all: number; fromBlock: number }[] }>(
    `select count(*)::int as "all", count(*) filter (where address_block = :addressBlock)::int as "fromBlock"
     from email_links where email = :email and kind = :kind and created_at > now() - interval '1 hour'`,
    asked,
  );
  return rows[0] ?? { all: 0, fromBlock: 0 };
}

/** The newest registration of the address that can be confirmed. Needs the scope `email`. */
export async function findPendingRegistration(tx: Knex.Transaction, email: string): Promise<LinkRow | undefined> {
  return tx('emailLinks')
    .where({ email, kind: 'registration' })
    .whereNotNull('secretSha256')
    .where('expiresAt', '>', tx.fn.now())
    .orderBy('createdAt', 'desc')
    .first<LinkRow | undefined>();
}

function validLink(tx: Knex.Transaction, kind: LinkKind, { id, secretSha256 }: LinkToken): Knex.QueryBuilder {
  return tx('emailLinks').where({ id, kind, secretSha256 }).where('expiresAt', '>', tx.fn.now());
}

/** Needs the scope `linkId`. */
export async function findLink(tx: Knex.Transaction, kind: LinkKind, token: LinkToken): Promise<LinkRow | undefined> {
  return validLink(tx, kind, token).first<LinkRow | undefined>();
}

/** Uses a link up; undefined when it is not valid any more. Needs the scope `linkId`. */
export async function takeLink(tx: Knex.Transaction, kind: LinkKind, token: LinkToken): Promise<LinkRow | undefined> {
  const [row] = (await validLink(tx, kind, token).delete().returning('*')) as LinkRow[];
  return row;
}

/** Puts an end to a link, and leaves the row that counts. Needs the scope `email`. */
export async function voidLink(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('emailLinks').where({ id }).update({ secretSha256: null, passwordHash: null });
}

/** Needs the scope `email`. */
export async function deleteRegistrations(tx: Knex.Transaction, email: string): Promise<void> {
  await tx('emailLinks').where({ email, kind: 'registration' }).delete();
}

/** Puts an end to all links of a person. Needs the scope `userId`. */
export async function voidLinksOfUser(tx: Knex.Transaction, userId: string): Promise<void> {
  await tx('emailLinks').where({ userId }).update({ secretSha256: null });
}

/** An hour longer than links are good, for they are counted. Needs the scope `instance`. */
export async function pruneLinks(tx: Knex.Transaction): Promise<void> {
  await tx.raw(`delete from email_links where expires_at < now() - interval '1 hour'`);
}
