import type { Knex } from 'knex';
import type { Invitation, NewInvitation, ReceivedInvitation } from '@hortus/contracts/invitation-api';
import type { Role } from '@hortus/contracts/workspace';

const COLUMNS = ['i.id', 'i.email', 'i.role', 'i.inviterName', 'i.sentAt', 'i.expiresAt'] as const;
const OPEN = 'i.expires_at > now()';

/** Who sends an invitation and by which secret it is accepted. */
export interface Sending {
  readonly workspaceId: string;
  readonly invitedBy: string;
  readonly inviterName: string;
  readonly sha256: string;
}

interface Page {
  readonly limit: number;
  readonly after: string | null;
}

function until(tx: Knex.Transaction, days: number): Knex.Raw {
  return tx.raw('now() + make_interval(days => ?)', [days]);
}

/** In place of one to the same address that has expired. Needs the scope `workspaceId`. */
export async function insertInvitation(
  tx: Knex.Transaction,
  sending: Sending,
  { email, role }: NewInvitation,
  days: number,
): Promise<Invitation> {
  const { workspaceId } = sending;
  await tx('invitations as i').where({ workspaceId, email }).delete();
  const [invitation] = await tx('invitations as i')
    .insert({ ...sending, email, role, expiresAt: until(tx, days) })
    .returning<Invitation[]>(COLUMNS as never);
  if (invitation === undefined) throw new Error('an insert returns its row');
  return invitation;
}

/** Under another secret and with a new term. Needs the scope `workspaceId`. */
export async function renewInvitation(
  tx: Knex.Transaction,
  id: string,
  { workspaceId, ...sending }: Sending,
  days: number,
): Promise<Invitation | undefined> {
  const [invitation] = await tx('invitations as i')
    .where({ workspaceId, id })
    .update({ ...sending, sentAt: tx.fn.now(), expiresAt: until(tx, days) })
    .returning<Invitation[]>(COLUMNS as never);
  return invitation;
}

/** Newest first, behind the invitation `after`. One more than `limit` when there is a next page. Needs the scope `workspaceId`. */
export async function listInvitations(tx: Knex.Transaction, workspaceId: string, page: Page): Promise<Invitation[]> {
  const query = tx('invitations as i')
    .where({ workspaceId })
    .orderBy('i.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('i.id', '<', page.after);
  return query.select<Invitation[]>(COLUMNS);
}

/** No more than `max` are counted. Needs the scope `workspaceId`. */
export async function countInvitations(tx: Knex.Transaction, workspaceId: string, max: number): Promise<number> {
  const rows = await tx('invitations').where({ workspaceId }).select('id').limit(max);
  return rows.length;
}

/** Also one that has expired. Needs the scope `workspaceId`. */
export async function findInvitation(
  tx: Knex.Transaction,
  workspaceId: string,
  id: string,
): Promise<Invitation | undefined> {
  return tx('invitations as i').where({ workspaceId, id }).first<Invitation | undefined>(COLUMNS);
}

/** Needs the scope `workspaceId`. */
export async function isInvited(tx: Knex.Transaction, workspaceId: string, email: string): Promise<boolean> {
  const row: unknown = await tx('invitations as i').where({ workspaceId, email }).whereRaw(OPEN).first('i.id');
  return row !== undefined;
}

/** Whether there was one. Needs the scope `workspaceId`. */
export async function deleteInvitation(
  tx: Knex.Transaction,
  invitation: { workspaceId: string; id: string; email?: string },
): Promise<boolean> {
  return (await tx('invitations').where(invitation).delete()) > 0;
}

/** Withdraws what a member has sent and could send no more. Needs the scope `workspaceId`. */
export async function deleteInvitationsOf(
  tx: Knex.Transaction,
  sent: { workspaceId: string; invitedBy: string },
  roles: readonly Role[],
): Promise<void> {
  await tx('invitations').where(sent).whereIn('role', roles).delete();
}

/** The open invitation to a workspace that is not deleted. Needs the scope `workspaceId`. */
export async function findOpen(
  tx: Knex.Transaction,
  invitation: { workspaceId: string } & ({ sha256: string } | { id: string }),
): Promise<ReceivedInvitation | undefined> {
  const { workspaceId, ...by } = invitation;
  return tx('invitations as i')
    .join('workspaces as w', 'w.id', 'i.workspaceId')
    .where('i.workspaceId', workspaceId)
    .where('sha256' in by ? { 'i.sha256': by.sha256 } : { 'i.id': by.id })
    .whereRaw(OPEN)
    .whereNull('w.deletedAt')
    .first<ReceivedInvitation | undefined>(...COLUMNS, 'w.name as workspaceName');
}

/** The open invitations of a person, newest first, behind the one `after`. One more than `limit` when there is a next page. Needs the scope `userId`. */
export async function listReceived(tx: Knex.Transaction, email: string, page: Page): Promise<ReceivedInvitation[]> {
  const query = tx('invitations as i')
    .join('workspaces as w', 'w.id', 'i.workspaceId')
    .where('i.email', email)
    .whereRaw(OPEN)
    .whereNull('w.deletedAt')
    .orderBy('i.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('i.id', '<', page.after);
  return query.select<ReceivedInvitation[]>(...COLUMNS, 'w.name as workspaceName');
}

/** Which workspace an invitation of the person is from. Needs the scope `userId`. */
export async function findReceivedWorkspace(
  tx: Knex.Transaction,
  email: string,
  id: string,
): Promise<string | undefined> {
  const row = await tx('invitations').where({ email, id }).first<{ workspaceId: string } | undefined>('workspaceId');
  return row?.workspaceId;
}

/** How many the workspace has mailed within the present hour, this one included. Needs the scope `workspaceId`. */
export async function countMailed(tx: Knex.Transaction, workspaceId: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: { mailsSent: number }[] }>(
    `update workspaces set mail_hour = date_trunc('hour', now()),
       mails_sent = case when mail_hour = date_trunc('hour', now()) then mails_sent + 1 else 1 end
     where id = ? returning mails_sent as "mailsSent"`,
    [workspaceId],
  );
  return rows[0]?.mailsSent ?? 0;
}
