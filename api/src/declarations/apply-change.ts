import type { Knex } from 'knex';
import type { WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import type { Audited } from '../audit/audit-repo.ts';
import { deleteInvitation } from '../invitations/invitation-repo.ts';
import { INVITATION_DAYS, INVITATION_START } from '../invitations/invitation-service.ts';
import { queueMail } from '../mail/mail-repo.ts';
import type { MailSettings } from '../mail/mail-settings.ts';
import { invitationMail } from '../mail/mail-templates.ts';
import { setQuota } from '../quota/usage-repo.ts';
import { makeWorkspaceSecret } from '../tokens/workspace-secret.ts';
import { deleteMembership, setRole } from '../workspaces/member-repo.ts';
import { insertMembership, renameWorkspace } from '../workspaces/workspace-repo.ts';
import * as repo from './declaration-repo.ts';
import { declaredFields } from './field-policy.ts';
import type { Change } from './plan-declaration.ts';

/** Who an invitation is from that a resource asks for: nobody who could be named. */
const INVITER = 'Whoever runs this Hortus';

export interface ChangedWorkspace {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly declaration: WorkspaceDeclaration;
  readonly mail: MailSettings;
}

/** Without a mail server none is sent: whoever makes an account with the address is a member when they sign in. */
async function invite(
  tx: Knex.Transaction,
  { workspaceId, workspaceName, mail }: ChangedWorkspace,
  { email, role }: Extract<Change, { does: 'invite' }>,
): Promise<string> {
  const { text: token, sha256 } = makeWorkspaceSecret(INVITATION_START, workspaceId);
  const id = await repo.insertDeclaredInvitation(
    tx,
    { workspaceId, email, role, inviterName: INVITER, sha256 },
    INVITATION_DAYS,
  );
  if (mail.isOn) {
    const minutes = INVITATION_DAYS * 24 * 60;
    const content = invitationMail({ publicUrl: mail.publicUrl, token, minutes, workspaceName, inviterName: INVITER });
    await queueMail(tx, { to: email, keptMinutes: minutes, ...content });
  }
  return id;
}

/** Does one thing of a plan. Needs the scope `workspaceId`, and the workspace locked. @returns what the audit log is to say */
export async function applyChange(tx: Knex.Transaction, changed: ChangedWorkspace, change: Change): Promise<Audited[]> {
  const { workspaceId, declaration } = changed;
  const actor = { fieldManager: declaration.manager };
  const audited = (action: Audited['action'], before: object | null, after: object | null): Audited[] => [
    { workspaceId, actor, action, before, after },
  ];
  const withdraw = async (id: string | null): Promise<void> => {
    if (id !== null) await deleteInvitation(tx, { workspaceId, id });
  };
  switch (change.does) {
    case 'declare': {
      const { resource, manager } = declaration;
      const fields = declaredFields(declaration);
      await repo.setDeclarer(tx, workspaceId, { resource, manager, fields });
      return audited('workspace.declared', { resource: change.from }, { resource, manager, fields });
    }
    case 'restore':
      await repo.restore(tx, workspaceId);
      return audited('workspace.restored', null, null);
    case 'rename':
      await renameWorkspace(tx, workspaceId, change.to);
      return audited('workspace.updated', { name: change.from }, { name: change.to });
    case 'suspend':
      await repo.setSuspended(tx, workspaceId, change.to);
      return audited('workspace.updated', { isSuspended: change.from }, { isSuspended: change.to });
    case 'limit':
      await setQuota(tx, workspaceId, change.to);
      return audited('workspace.updated', { quota: change.from }, { quota: change.to });
    case 'add': {
      const { userId, role } = change;
      await withdraw(change.invitationId);
      await insertMembership(tx, { workspaceId, userId, role });
      return audited('member.added', null, { userId, role });
    }
    case 'invite': {
      const { email, role } = change;
      await withdraw(change.invitationId);
      return audited('invitation.created', null, { id: await invite(tx, changed, change), email, role });
    }
    case 'give role': {
      const { userId, from, to } = change;
      await setRole(tx, workspaceId, userId, to);
      return audited('member.updated', { userId, role: from }, { userId, role: to });
    }
    case 'remove': {
      const { userId, role } = change;
      await deleteMembership(tx, workspaceId, userId);
      return audited('member.removed', { userId, role }, null);
    }
    case 'withdraw': {
      const { invitationId: id, email, role } = change;
      await withdraw(id);
      return audited('invitation.revoked', { id, email, role }, null);
    }
  }
}
