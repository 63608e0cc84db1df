import type { Knex } from 'knex';
import type { ManagedBy, Role, Workspace, WorkspaceMembership } from '@hortus/contracts/workspace';
import type { Ask } from '../db/one-trip.ts';
import { sessionAliveSql } from '../auth/session-repo.ts';

const COLUMNS = ['w.id', 'w.slug', 'w.name', 'm.role', 'w.revision', 'w.createdAt', 'w.deletedAt', 'w.removedFrom', 'w.isSuspended'] as const; // prettier-ignore
/** Who declares the workspace, as `ManagedBy`. */
const MANAGED_BY = `case when w.declared_by is not null then jsonb_build_object(
  'resource', w.declared_by, 'manager', w.field_manager, 'fields', to_jsonb(w.declared_fields)) end as "managedBy"`;
/** A deleted workspace that nobody has begun to remove. */
const RESTORABLE = 'w.deleted_at is not null and w.removed_from > now() and w.removal_began_at is null';

function mine(tx: Knex.Transaction, userId: string): Knex.QueryBuilder {
  return tx('workspaces as w').join('memberships as m', 'm.workspaceId', 'w.id').where('m.userId', userId);
}

/** The workspaces of a person, by name. Needs the scope `userId`. */
export async function listMemberships(tx: Knex.Transaction, userId: string): Promise<WorkspaceMembership[]> {
  return mine(tx, userId)
    .whereNull('w.deletedAt')
    .orderBy('w.name')
    .orderBy('w.id')
    .limit(1000)
    .select<WorkspaceMembership[]>('w.id', 'w.slug', 'w.name', 'm.role');
}

/**
 * The workspaces of a person by id, behind the one `after`; or those that they own and can restore. One more than `limit`
 * when there is a next page. Needs the scope `userId`.
 */
export async function listWorkspaces(
  tx: Knex.Transaction,
  userId: string,
  page: { limit: number; after: string | null; isDeleted: boolean },
): Promise<Workspace[]> {
  const query = mine(tx, userId)
    .orderBy('w.id')
    .limit(page.limit + 1);
  if (page.isDeleted) query.where('m.role', 'owner').whereRaw(RESTORABLE);
  else query.whereNull('w.deletedAt');
  if (page.after !== null) query.where('w.id', '>', page.after);
  return query.select<Workspace[]>(...COLUMNS, tx.raw(MANAGED_BY));
}

/** Also one that is deleted. Needs the scope `workspaceId`, or the `userId` of the member. */
export async function findWorkspace(
  tx: Knex.Transaction,
  workspaceId: string,
  userId: string,
): Promise<Workspace | undefined> {
  const [workspace] = await mine(tx, userId)
    .where('w.id', workspaceId)
    .select<Workspace[]>(...COLUMNS, tx.raw(MANAGED_BY));
  return workspace;
}

/** Who declares the workspace; null where nothing does. Needs the scope `workspaceId`. */
export async function findManagedBy(tx: Knex.Transaction, id: string): Promise<ManagedBy | null> {
  const row = await tx('workspaces as w')
    .where({ id })
    .first<{ managedBy: ManagedBy | null } | undefined>(tx.raw(MANAGED_BY));
  return row?.managedBy ?? null;
}

export interface LiveRole {
  readonly alive: boolean;
  readonly workspaceId: string | null;
  readonly role: Role | null;
  readonly isSuspended: boolean;
}

/**
 * Whether the session is alive, and the role of the person in the workspace: the one that is named, or else the current one
 * of the session. Null where they are no member or it is deleted. Needs the scope `userId`; with `workspaceId` it is quicker.
 */
export async function findLiveRole(
  ask: Ask,
  access: { workspaceId: string | null; userId: string; sessionId: string },
  idleDays: number,
): Promise<LiveRole> {
  const [found] = await ask<LiveRole>({
    name: 'live role',
    text: `select s.id is not null as alive, a.workspace_id as "workspaceId", m.role,
       coalesce(w.is_suspended, false) as "isSuspended"
     from (select 1) as one
     left join sessions s on s.id = $1 and s.user_id = $2 and ${sessionAliveSql(idleDays, 's')}
     cross join lateral (select coalesce($3::uuid, s.current_workspace_id) as workspace_id) as a
     left join (memberships m join workspaces w on w.id = m.workspace_id and w.deleted_at is null)
       on m.workspace_id = a.workspace_id and m.user_id = $2`,
    values: [access.sessionId, access.userId, access.workspaceId],
  });
  return found ?? { alive: false, workspaceId: null, role: null, isSuspended: false };
}

/** Needs the scope `workspaceId`, which is the id of the new workspace. */
export async function insertWorkspace(
  tx: Knex.Transaction,
  workspace: { id: string; slug: string; name: string; isDemo: boolean },
): Promise<void> {
  await tx('workspaces').insert(workspace);
}

/** Whether the slug was free. Needs the scope `workspaceId`, which is the id of the new workspace. */
export async function insertWorkspaceIfFree(
  tx: Knex.Transaction,
  workspace: { id: string; slug: string; name: string },
): Promise<boolean> {
  // Without naming what may conflict: then PostgreSQL asks for no policy that shows the row in the way.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    'insert into workspaces (id, slug, name) values (:id, :slug, :name) on conflict do nothing',
    workspace,
  );
  return rowCount > 0;
}

/** How many workspaces the person owns, which stays so until the transaction ends. Needs the scope `userId`. */
export async function countOwned(tx: Knex.Transaction, userId: string, max: number): Promise<number> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 8))', [userId]);
  const rows = await tx('memberships').where({ userId, role: 'owner' }).select('workspaceId').limit(max);
  return rows.length;
}

/** Needs the scope `workspaceId`. */
export async function renameWorkspace(tx: Knex.Transaction, id: string, name: string): Promise<void> {
  await tx('workspaces')
    .where({ id })
    .update({ name, revision: tx.raw('revision + 1') });
}

/** Needs the scope `workspaceId`. */
export async function markDeleted(tx: Knex.Transaction, id: string, graceDays: number): Promise<void> {
  const removedFrom = tx.raw('now() + make_interval(days => ?)', [graceDays]);
  await tx('workspaces')
    .where({ id })
    .update({ deletedAt: tx.fn.now(), removedFrom, revision: tx.raw('revision + 1') });
}

/** Whether the workspace was deleted and could still be restored, and is now. Needs the scope `workspaceId`. */
export async function unmarkDeleted(tx: Knex.Transaction, id: string): Promise<boolean> {
  const restored = await tx('workspaces as w')
    .where({ id })
    .whereRaw(RESTORABLE)
    .update({ deletedAt: null, removedFrom: null, revision: tx.raw('revision + 1') });
  return restored > 0;
}

/** Needs the scope `workspaceId`. */
export async function insertMembership(
  tx: Knex.Transaction,
  membership: { workspaceId: string; userId: string; role: Role },
): Promise<void> {
  await tx('memberships').insert(membership).onConflict(['workspaceId', 'userId']).ignore();
}

/** Makes it the current workspace of the session. Needs the scope `userId`. */
export async function setCurrentWorkspace(
  tx: Knex.Transaction,
  sessionId: string,
  currentWorkspaceId: string,
): Promise<void> {
  await tx('sessions').where({ id: sessionId }).update({ currentWorkspaceId });
}

/** Which workspaces the instance has. Needs the scope `instance`. */
export async function listInstanceWorkspaces(
  tx: Knex.Transaction,
): Promise<{ id: string; slug: string; isDemo: boolean }[]> {
  return tx('workspaces').select('id', 'slug', 'isDemo').orderBy('slug').limit(10_000);
}
