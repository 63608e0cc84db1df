import type { Knex } from 'knex';
import type { Quota } from '@hortus/contracts/quota-api';
import type { DeclaredField, Role } from '@hortus/contracts/workspace';
import type { UndeclaredWorkspace } from '@hortus/contracts/workspace-resource-api';
import { REMOVAL_CHANNEL } from '../workspaces/removal-repo.ts';
import type { Standing, StandingPerson } from './plan-declaration.ts';

/** What is left is joined at the next sign-in. */
const JOINED_AT_ONCE_MAX = 100;

export interface WorkspaceState extends Standing {
  /** Its removal has begun, or is to begin: nobody brings it back. */
  readonly isBeingRemoved: boolean;
}

async function listPeople(tx: Knex.Transaction, workspaceId: string): Promise<StandingPerson[]> {
  const members = await tx('memberships as m')
    .joinRaw('cross join lateral directory.find_member(m.user_id) as p')
    .where({ workspaceId })
    .orderBy('p.email')
    .select<{ userId: string; email: string; role: Role }[]>('m.userId', 'p.email', 'm.role');
  const invited = await tx('invitations')
    .where({ workspaceId })
    .orderBy('email')
    .select<{ invitationId: string; email: string; role: Role; isDeclared: boolean }[]>('id as invitationId', 'email', 'role', 'isDeclared'); // prettier-ignore
  return [...members, ...invited];
}

/**
 * Undefined where there is none.
 *
 * @param options.isLocked that nobody else changes it until the transaction ends
 */
export async function findState(
  tx: Knex.Transaction,
  workspaceId: string,
  { isLocked }: { isLocked: boolean },
): Promise<WorkspaceState | undefined> {
  const { rows } = await tx.raw<{ rows: (Omit<WorkspaceState, 'people' | 'quota'> & Quota)[] }>(
    `select w.slug, w.name, w.is_suspended as "isSuspended", w.deleted_at is not null as "isDeleted",
       w.removal_began_at is not null or coalesce(w.removed_from <= now(), false) as "isBeingRemoved",
       w.declared_by as resource, w.field_manager as manager, w.declared_fields as fields,
       u.bytes_max as "bytesMax", u.artifacts_max as "artifactsMax"
     from workspaces w join workspace_usage u on u.workspace_id = w.id
     where w.id = ? ${isLocked ? 'for no key update of w' : ''}`,
    [workspaceId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { bytesMax, artifactsMax, ...state } = row;
  return { ...state, quota: { bytesMax, artifactsMax }, people: await listPeople(tx, workspaceId) };
}

export async function setDeclarer(
  tx: Knex.Transaction,
  id: string,
  declarer: { resource: string | null; manager: string; fields: readonly DeclaredField[] },
): Promise<void> {
  const { resource: declaredBy, manager: fieldManager, fields } = declarer;
  const declaredFields = [...fields];
  await tx('workspaces')
    .where({ id })
    .update({ declaredBy, fieldManager, declaredFields, wasDeclared: true, revision: tx.raw('revision + 1') });
}

export async function setSuspended(tx: Knex.Transaction, id: string, isSuspended: boolean): Promise<void> {
  await tx('workspaces')
    .where({ id })
    .update({ isSuspended, revision: tx.raw('revision + 1') });
}

/** Also one that has been restorable no more: a declaration says that there is the workspace. */
export async function restore(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('workspaces')
    .where({ id })
    .update({ deletedAt: null, removedFrom: null, revision: tx.raw('revision + 1') });
}

export async function insertDeclaredInvitation(
  tx: Knex.Transaction,
  invitation: { workspaceId: string; email: string; role: Role; inviterName: string; sha256: string },
  days: number,
): Promise<string> {
  const expiresAt = tx.raw('now() + make_interval(days => ?)', [days]);
  const [row] = await tx('invitations')
    .insert({ ...invitation, isDeclared: true, expiresAt })
    .returning<{ id: string }[]>('id');
  if (row === undefined) throw new Error('an insert returns its row');
  return row.id;
}

/** Has it removed for good, at once: the sweep hears of it. */
export async function markForRemoval(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('workspaces')
    .where({ id })
    .update({ deletedAt: tx.raw('coalesce(deleted_at, now())'), removedFrom: tx.fn.now() });
  await tx.raw(`select pg_notify('${REMOVAL_CHANNEL}', '')`);
}

/** By id, behind the workspace `after`. One more than `limit` when there is a next page. Needs the scope `instance`. */
export async function listUndeclaredIds(
  tx: Knex.Transaction,
  page: { limit: number; after: string | null },
): Promise<string[]> {
  const query = tx('workspaces')
    .where({ wasDeclared: false, isDemo: false })
    .whereNull('removedFrom')
    .orderBy('id')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('id', '>', page.after);
  const rows = await query.select<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

export async function findUndeclared(tx: Knex.Transaction, id: string): Promise<UndeclaredWorkspace | undefined> {
  return tx('workspaces').where({ id }).first<UndeclaredWorkspace | undefined>('id', 'slug', 'name');
}

/** The memberships that are declared for a person who had no account then. Needs the scope `userId`. */
export async function listDeclaredFor(
  tx: Knex.Transaction,
  userId: string,
): Promise<{ workspaceId: string; id: string; role: Role }[]> {
  return tx('invitations as i')
    .join('workspaces as w', 'w.id', 'i.workspaceId')
    .whereRaw('i.email = (select email from users where id = ?)', [userId])
    .where('i.isDeclared', true)
    .whereNull('w.deletedAt')
    .orderBy('i.id')
    .limit(JOINED_AT_ONCE_MAX)
    .select<{ workspaceId: string; id: string; role: Role }[]>('i.workspaceId', 'i.id', 'i.role');
}
