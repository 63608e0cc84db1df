import type { Knex } from 'knex';
import type { Member, Role } from '@hortus/contracts/workspace';

/* Everything here needs the scope `workspaceId`. */

const COLUMNS = { userId: 'm.userId', email: 'p.email', displayName: 'p.displayName', role: 'm.role', joinedAt: 'm.createdAt' }; // prettier-ignore

/** By id, behind the member `after`. One more than `limit` when there is a next page. */
export async function listMembers(
  tx: Knex.Transaction,
  workspaceId: string,
  page: { limit: number; after: string | null },
): Promise<Member[]> {
  const members = tx('memberships')
    .where({ workspaceId })
    .orderBy('userId')
    .limit(page.limit + 1);
  if (page.after !== null) members.where('userId', '>', page.after);
  // Of accounts it asks for what a workspace may see, and for those of the page only.
  return tx
    .from(members.as('m'))
    .joinRaw('cross join lateral directory.find_member(m.user_id) as p')
    .orderBy('m.userId')
    .select<Member[]>(COLUMNS);
}

export async function findMember(
  tx: Knex.Transaction,
  workspaceId: string,
  userId: string,
): Promise<Member | undefined> {
  const [member] = await tx('memberships as m')
    .joinRaw('cross join lateral directory.find_member(m.user_id) as p')
    .where({ 'm.workspaceId': workspaceId, 'm.userId': userId })
    .select<Member[]>(COLUMNS);
  return member;
}

/** The member who has the address; undefined also where somebody has it who is no member. */
export async function findMemberId(tx: Knex.Transaction, email: string): Promise<string | undefined> {
  const { rows } = await tx.raw<{ rows: { id: string | null }[] }>('select directory.find_member_id(?) as id', [email]);
  return rows[0]?.id ?? undefined;
}

/**
 * Waits until nobody else changes who belongs to the workspace, and keeps it so until the transaction ends; false where it
 * is deleted. Not `for update`, which every insert of an artifact would wait for (its foreign key takes `for key share`).
 */
export async function lockMembers(tx: Knex.Transaction, workspaceId: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    'select 1 from workspaces where id = ? and deleted_at is null for no key update',
    [workspaceId],
  );
  return rows.length > 0;
}

export async function findRole(tx: Knex.Transaction, workspaceId: string, userId: string): Promise<Role | undefined> {
  const row = await tx('memberships').where({ workspaceId, userId }).first<{ role: Role } | undefined>('role');
  return row?.role;
}

export async function countOwners(tx: Knex.Transaction, workspaceId: string): Promise<number> {
  const rows = await tx('memberships').where({ workspaceId, role: 'owner' }).select('userId').limit(2);
  return rows.length;
}

/** No more than `max` are counted. */
export async function countMembers(tx: Knex.Transaction, workspaceId: string, max: number): Promise<number> {
  const rows = await tx('memberships').where({ workspaceId }).select('userId').limit(max);
  return rows.length;
}

export async function setRole(tx: Knex.Transaction, workspaceId: string, userId: string, role: Role): Promise<void> {
  await tx('memberships').where({ workspaceId, userId }).update({ role });
}

/** The API tokens that the member made and the invitations that they sent go as well, by their foreign keys. */
export async function deleteMembership(tx: Knex.Transaction, workspaceId: string, userId: string): Promise<void> {
  await tx('memberships').where({ workspaceId, userId }).delete();
}
