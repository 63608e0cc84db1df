import type { Knex } from 'knex';
import { SESSION_ALIVE_SQL } from '../auth/session-repo.ts';
import type { Role, WorkspaceMembership } from '@hortus/contracts/workspace';

/** The workspaces of a person, by name. Needs the scope `userId`. */
export async function listMemberships(tx: Knex.Transaction, userId: string): Promise<WorkspaceMembership[]> {
  return tx('workspaces as w')
    .join('memberships as m', 'm.workspaceId', 'w.id')
    .where('m.userId', userId)
    .orderBy('w.name')
    .orderBy('w.id')
    .limit(1000)
    .select<WorkspaceMembership[]>('w.id', 'w.slug', 'w.name', 'm.role');
}

/** The role of a person in a workspace, while the session is alive; undefined else. Needs the scope `userId`. */
export async function findLiveRole(
  tx: Knex.Transaction,
  access: { workspaceId: string; userId: string; sessionId: string },
): Promise<{ alive: boolean; role: Role | null }> {
  const { rows } = await tx.raw<{ rows: { alive: boolean; role: Role | null }[] }>(
    `select
       exists (select 1 from sessions where id = :sessionId and user_id = :userId
               and ${SESSION_ALIVE_SQL}) as alive,
       (select role from memberships where workspace_id = :workspaceId and user_id = :userId) as role`,
    access,
  );
  return rows[0] ?? { alive: false, role: null };
}

/** Needs the scope `workspaceId`, which is the id of the new workspace. */
export async function insertWorkspace(
  tx: Knex.Transaction,
  workspace: { id: string; slug: string; name: string; isDemo: boolean },
): Promise<void> {
  await tx('workspaces').insert(workspace);
}

/** Needs the scope `workspaceId`. */
export async function insertMembership(
  tx: Knex.Transaction,
  membership: { workspaceId: string; userId: string; role: Role },
): Promise<void> {
  await tx('memberships').insert(membership).onConflict(['workspaceId', 'userId']).ignore();
}

/** Needs the scope `workspaceId`. */
export async function deleteWorkspace(tx: Knex.Transaction, workspaceId: string): Promise<void> {
  await tx('workspaces').where({ id: workspaceId }).delete();
}

/** Which workspaces the instance has. Needs the scope `instance`. */
export async function listInstanceWorkspaces(
  tx: Knex.Transaction,
): Promise<{ id: string; slug: string; isDemo: boolean }[]> {
  return tx('workspaces').select('id', 'slug', 'isDemo').orderBy('slug').limit(10_000);
}
