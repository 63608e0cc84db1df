import type { Knex } from 'knex';
import {
  INVITATIONS_OPEN_MAX,
  INVITATIONS_PER_HOUR,
  type Invitation,
  type NewInvitation,
} from '@hortus/contracts/invitation-api';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit } from '../audit/audit-repo.ts';
import { normalizeEmail } from '../auth/email.ts';
import { withWorkspace } from '../db/scope.ts';
import { queueMail } from '../mail/mail-repo.ts';
import type { MailSettings } from '../mail/mail-settings.ts';
import { invitationMail } from '../mail/mail-templates.ts';
import { makeWorkspaceSecret } from '../tokens/workspace-secret.ts';
import { findMember, findMemberId } from '../workspaces/member-repo.ts';
import {
  assertAllowed,
  limitReached,
  lockRole,
  workspaceNotFound,
  type Actor,
} from '../workspaces/workspace-access.ts';
import { decide } from '../workspaces/workspace-policy.ts';
import { findWorkspace } from '../workspaces/workspace-repo.ts';
import * as repo from './invitation-repo.ts';

export interface InvitationDependencies {
  readonly knex: Knex;
  readonly mail: MailSettings;
}

export const INVITATION_START = 'invite_';
const INVITATION_DAYS = 7;
const DAY_MINUTES = 24 * 60;

/** The same for one that was used or withdrawn, has expired, is of others, or never was. */
export function invitationNotFound(): ProblemError {
  return new ProblemError(
    'INVITATION_NOT_FOUND',
    'It was used or withdrawn, or has expired. Ask whoever invited you to send it again.',
  );
}

/**
 * Puts the mail of an invitation in, under a new secret. Without a mail server none is sent: whoever has an account finds the
 * invitation there.
 *
 * @throws ProblemError RATE_LIMITED where the workspace has mailed too many within the hour
 */
async function send(
  tx: Knex.Transaction,
  mail: MailSettings,
  { actor, action }: { actor: Actor; action: 'invitation.created' | 'invitation.resent' },
  write: (sending: repo.Sending) => Promise<Invitation | undefined>,
): Promise<Invitation> {
  const { workspaceId, userId } = actor;
  if ((await repo.countMailed(tx, workspaceId)) > INVITATIONS_PER_HOUR) {
    const detail = `A workspace sends ${String(INVITATIONS_PER_HOUR)} invitations an hour at the most. Try again in an hour.`;
    throw new ProblemError('RATE_LIMITED', detail);
  }
  const [inviter, workspace] = [
    await findMember(tx, workspaceId, userId),
    await findWorkspace(tx, workspaceId, userId),
  ];
  if (inviter === undefined || workspace === undefined) throw workspaceNotFound();
  const { text: token, sha256 } = makeWorkspaceSecret(INVITATION_START, workspaceId);
  const inviterName = inviter.displayName;
  const invitation = await write({ workspaceId, invitedBy: userId, inviterName, sha256 });
  if (invitation === undefined) throw invitationNotFound();
  const { id, email, role } = invitation;
  await appendAudit(tx, { workspaceId, actor, action, after: { id, email, role } });
  if (mail.isOn) {
    const { publicUrl } = mail;
    const minutes = INVITATION_DAYS * DAY_MINUTES;
    const content = invitationMail({ publicUrl, token, minutes, workspaceName: workspace.name, inviterName });
    await queueMail(tx, { to: email, keptMinutes: minutes, ...content });
  }
  return invitation;
}

/** @throws ProblemError ROLE_TOO_LOW, MEMBER_ALREADY, INVITATION_OPEN, LIMIT_REACHED, RATE_LIMITED */
export async function createInvitation(
  tx: Knex.Transaction,
  mail: MailSettings,
  actor: Actor,
  { email: given, role }: NewInvitation,
): Promise<Invitation> {
  const { workspaceId } = actor;
  const email = normalizeEmail(given);
  assertAllowed(decide('invite', await lockRole(tx, actor), { role }));
  if ((await findMemberId(tx, email)) !== undefined) {
    throw new ProblemError('MEMBER_ALREADY', 'Change their role instead, if that is what you want.');
  }
  if (await repo.isInvited(tx, workspaceId, email)) {
    throw new ProblemError('INVITATION_OPEN', 'Send it again, or withdraw it first to invite with another role.');
  }
  if ((await repo.countInvitations(tx, workspaceId, INVITATIONS_OPEN_MAX)) >= INVITATIONS_OPEN_MAX) {
    throw limitReached(INVITATIONS_OPEN_MAX, 'open invitations in a workspace', 'Withdraw some first.');
  }
  return send(tx, mail, { actor, action: 'invitation.created' }, (sending) =>
    repo.insertInvitation(tx, sending, { email, role }, INVITATION_DAYS),
  );
}

/** One more than `limit` when there is a next page. @throws ProblemError ROLE_TOO_LOW */
export async function listInvitations(
  { knex }: InvitationDependencies,
  actor: Actor,
  page: { limit: number; after: string | null },
): Promise<Invitation[]> {
  return withWorkspace(knex, actor.workspaceId, async (tx) => {
    assertAllowed(decide('seeInvitations', await lockRole(tx, actor)));
    return repo.listInvitations(tx, actor.workspaceId, page);
  });
}

/** An invitation that the actor could send. */
async function getOwn(tx: Knex.Transaction, actor: Actor, id: string): Promise<Invitation> {
  const role = await lockRole(tx, actor);
  assertAllowed(decide('seeInvitations', role));
  const invitation = await repo.findInvitation(tx, actor.workspaceId, id);
  if (invitation === undefined) {
    throw new ProblemError('INVITATION_NOT_FOUND', 'The workspace has no open invitation of this id.');
  }
  assertAllowed(decide('invite', role, { role: invitation.role }));
  return invitation;
}

/** @throws ProblemError ROLE_TOO_LOW, INVITATION_NOT_FOUND, RATE_LIMITED */
export async function resendInvitation(
  { knex, mail }: InvitationDependencies,
  actor: Actor,
  id: string,
): Promise<Invitation> {
  return withWorkspace(knex, actor.workspaceId, async (tx) => {
    await getOwn(tx, actor, id);
    return send(tx, mail, { actor, action: 'invitation.resent' }, (sending) =>
      repo.renewInvitation(tx, id, sending, INVITATION_DAYS),
    );
  });
}

/** @throws ProblemError ROLE_TOO_LOW, INVITATION_NOT_FOUND */
export async function revokeInvitation({ knex }: InvitationDependencies, actor: Actor, id: string): Promise<void> {
  const { workspaceId } = actor;
  await withWorkspace(knex, workspaceId, async (tx) => {
    const { email, role } = await getOwn(tx, actor, id);
    await repo.deleteInvitation(tx, { workspaceId, id });
    await appendAudit(tx, { workspaceId, actor, action: 'invitation.revoked', before: { id, email, role } });
  });
}
