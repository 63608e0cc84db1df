import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Registration } from '@hortus/contracts/account-api';
import type { InvitedPerson, ReceivedInvitation } from '@hortus/contracts/invitation-api';
import { MEMBERS_MAX, type Workspace } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit, type AuditActor } from '../audit/audit-repo.ts';
import type { AccessClaims } from '../auth/access-token.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { assertUncommon, type PasswordCheck } from '../auth/password-policy.ts';
import { findPerson, findUserByEmail, insertUser } from '../auth/user-repo.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import { readWorkspaceSecret } from '../tokens/workspace-secret.ts';
import { countMembers, findRole, lockMembers } from '../workspaces/member-repo.ts';
import { limitReached, suspended, workspaceNotFound, type Whoever } from '../workspaces/workspace-access.ts';
import { findWorkspace, insertMembership } from '../workspaces/workspace-repo.ts';
import * as repo from './invitation-repo.ts';
import { INVITATION_START, invitationNotFound } from './invitation-service.ts';

export interface AcceptanceDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly isTooCommon: PasswordCheck;
  readonly registration: Registration;
}

/** By which of the two somebody knows an invitation: the mailed address, or their own list. */
type Known = { readonly workspaceId: string } & ({ readonly sha256: string } | { readonly id: string });

function readToken(token: string): Known {
  const secret = readWorkspaceSecret(INVITATION_START, token);
  if (secret === null) throw invitationNotFound();
  return { workspaceId: secret.workspaceId, sha256: secret.sha256 };
}

async function getOpen(tx: Knex.Transaction, known: Known): Promise<ReceivedInvitation> {
  const invitation = await repo.findOpen(tx, known);
  if (invitation === undefined) throw invitationNotFound();
  return invitation;
}

/** The e-mail address of a signed-in person, which is verified. */
async function getEmail(knex: Knex, userId: string): Promise<string> {
  const person = await withScope(knex, { userId }, (tx) => findPerson(tx, userId));
  if (person === undefined) throw new ProblemError('SESSION_ENDED', 'The account no longer exists.');
  return person.email;
}

async function hasAccount(knex: Knex, email: string): Promise<boolean> {
  return (await withScope(knex, { email }, (tx) => findUserByEmail(tx, email))) !== undefined;
}

/** Makes the person a member and uses the invitation up. Needs the scopes `workspaceId` and `userId`, and the members locked. */
async function join(
  tx: Knex.Transaction,
  { workspaceId, userId }: Whoever,
  { invitation, actor }: { invitation: ReceivedInvitation; actor: AuditActor },
): Promise<Workspace> {
  if ((await findRole(tx, workspaceId, userId)) !== undefined) {
    throw new ProblemError('MEMBER_ALREADY', 'You belong to the workspace already.');
  }
  if ((await countMembers(tx, workspaceId, MEMBERS_MAX)) >= MEMBERS_MAX) {
    throw limitReached(MEMBERS_MAX, 'members in a workspace', 'Ask whoever invited you to make room.');
  }
  await insertMembership(tx, { workspaceId, userId, role: invitation.role });
  await repo.deleteInvitation(tx, { workspaceId, id: invitation.id });
  const after = { userId, role: invitation.role, invitationId: invitation.id };
  await appendAudit(tx, { workspaceId, actor, action: 'invitation.accepted', after });
  const workspace = await findWorkspace(tx, workspaceId, userId);
  if (workspace === undefined) throw workspaceNotFound();
  if (workspace.isSuspended) throw suspended();
  return workspace;
}

async function accept(knex: Knex, { userId, sessionId }: AccessClaims, known: Known): Promise<Workspace> {
  const email = await getEmail(knex, userId);
  const { workspaceId } = known;
  return withScope(knex, { workspaceId, userId }, async (tx) => {
    // Two who accept at once: the second finds it used.
    if (!(await lockMembers(tx, workspaceId))) throw invitationNotFound();
    const invitation = await getOpen(tx, known);
    if (invitation.email !== email) {
      const detail =
        'Sign in with the e-mail address that it was sent to, or ask for one to the address that you have.';
      throw new ProblemError('INVITATION_FOR_ANOTHER', detail);
    }
    return join(tx, { workspaceId, userId }, { invitation, actor: { userId, by: { sessionId } } });
  });
}

/** @throws ProblemError INVITATION_NOT_FOUND */
export async function findInvitation(
  { knex }: AcceptanceDependencies,
  token: string,
): Promise<ReceivedInvitation & { hasAccount: boolean }> {
  const known = readToken(token);
  const invitation = await withWorkspace(knex, known.workspaceId, (tx) => getOpen(tx, known));
  return { ...invitation, hasAccount: await hasAccount(knex, invitation.email) };
}

/** @throws ProblemError INVITATION_NOT_FOUND, INVITATION_FOR_ANOTHER, MEMBER_ALREADY, LIMIT_REACHED */
export async function acceptByToken(
  { knex }: AcceptanceDependencies,
  claims: AccessClaims,
  token: string,
): Promise<Workspace> {
  return accept(knex, claims, readToken(token));
}

/** @throws ProblemError INVITATION_NOT_FOUND, MEMBER_ALREADY, LIMIT_REACHED */
export async function acceptReceived(
  { knex }: AcceptanceDependencies,
  claims: AccessClaims,
  id: string,
): Promise<Workspace> {
  const { userId } = claims;
  const email = await getEmail(knex, userId);
  const workspaceId = await withScope(knex, { userId }, (tx) => repo.findReceivedWorkspace(tx, email, id));
  if (workspaceId === undefined) throw invitationNotFound();
  return accept(knex, claims, { workspaceId, id });
}

/** @throws ProblemError INVITATION_NOT_FOUND */
export async function declineReceived({ knex }: AcceptanceDependencies, userId: string, id: string): Promise<void> {
  const email = await getEmail(knex, userId);
  const workspaceId = await withScope(knex, { userId }, (tx) => repo.findReceivedWorkspace(tx, email, id));
  const isGone =
    workspaceId !== undefined &&
    (await withWorkspace(knex, workspaceId, (tx) => repo.deleteInvitation(tx, { workspaceId, id, email })));
  if (!isGone) throw invitationNotFound();
}

/** One more than `limit` when there is a next page. */
export async function listReceived(
  { knex }: AcceptanceDependencies,
  userId: string,
  page: { limit: number; after: string | null },
): Promise<ReceivedInvitation[]> {
  const email = await getEmail(knex, userId);
  return withScope(knex, { userId }, (tx) => repo.listReceived(tx, email, page));
}

function accountExists(): ProblemError {
  return new ProblemError('ACCOUNT_EXISTS', 'Sign in with it, and accept the invitation then.');
}

/**
 * Makes an account for the address that the invitation was sent to, and accepts it.
 *
 * @throws ProblemError REGISTRATION_CLOSED, INVITATION_NOT_FOUND, PASSWORD_TOO_COMMON, ACCOUNT_EXISTS, LIMIT_REACHED
 */
export async function registerInvited(
  { knex, hasher, isTooCommon, registration }: AcceptanceDependencies,
  { token, displayName, password }: InvitedPerson,
): Promise<Workspace> {
  if (registration === 'closed') {
    throw new ProblemError('REGISTRATION_CLOSED', 'Ask whoever runs this Hortus for an account, and accept with that.');
  }
  const known = readToken(token);
  const { workspaceId } = known;
  // Before the hash, which costs: only who has an invitation can ask for it.
  const { email } = await withWorkspace(knex, workspaceId, (tx) => getOpen(tx, known));
  if (await hasAccount(knex, email)) throw accountExists();
  assertUncommon(isTooCommon, password, email);
  const passwordHash = await hasher.hash(password);
  const userId = randomUUID();
  return withScope(knex, { workspaceId, userId }, async (tx) => {
    if (!(await lockMembers(tx, workspaceId))) throw invitationNotFound();
    const invitation = await getOpen(tx, known);
    await insertUser(tx, { id: userId, email, displayName: displayName.trim(), passwordHash, isDemo: false });
    return join(tx, { workspaceId, userId }, { invitation, actor: 'hortus' });
  }).catch((error: unknown) => {
    // Somebody registered the address in the meantime.
    throw (error as { constraint?: unknown }).constraint === 'users_email_key' ? accountExists() : error;
  });
}
