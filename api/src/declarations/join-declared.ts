import type { Knex } from 'knex';
import { appendAudit } from '../audit/audit-repo.ts';
import { enterWorkspace } from '../db/scope.ts';
import { deleteInvitation } from '../invitations/invitation-repo.ts';
import { lockMembers } from '../workspaces/member-repo.ts';
import { insertMembership } from '../workspaces/workspace-repo.ts';
import { listDeclaredFor } from './declaration-repo.ts';

/**
 * Makes a person who signs in a member of the workspaces whose resources name their address; it is verified by now. Needs the
 * scope `userId`, and leaves that of the last of these workspaces as well.
 */
export async function joinDeclared(tx: Knex.Transaction, userId: string): Promise<void> {
  for (const { workspaceId, id, role } of await listDeclaredFor(tx, userId)) {
    await enterWorkspace(tx, workspaceId);
    if (!(await lockMembers(tx, workspaceId))) continue;
    // It may have been withdrawn in this moment.
    if (!(await deleteInvitation(tx, { workspaceId, id }))) continue;
    await insertMembership(tx, { workspaceId, userId, role });
    const after = { userId, role, invitationId: id };
    await appendAudit(tx, { workspaceId, actor: 'hortus', action: 'invitation.accepted', after });
  }
}
