import type { Knex } from 'knex';
import type { PasswordChange, Person, ProfilePatch, Session } from '@hortus/contracts/auth-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope, withWorkspace } from '../db/scope.ts';
import { queueMail } from '../mail/mail-repo.ts';
import type { MailSettings } from '../mail/mail-settings.ts';
import { passwordChangedMail } from '../mail/mail-templates.ts';
import { countOwners } from '../workspaces/member-repo.ts';
import { removeMember } from '../workspaces/member-service.ts';
import { decideOwners } from '../workspaces/workspace-policy.ts';
import { listMemberships } from '../workspaces/workspace-repo.ts';
import type { AccessClaims } from './access-token.ts';
import { describeDevice } from './device.ts';
import { voidLinksOfUser } from './link-repo.ts';
import type { PasswordHasher } from './password.ts';
import { assertUncommon, type PasswordCheck } from './password-policy.ts';
import { endSession, endSessions, listSessions, type SessionLifetimes } from './session-repo.ts';
import { deleteUser, findPerson, findUser, replacePassword, setDisplayName } from './user-repo.ts';
import type { UserRow } from './user-row.ts';

export interface AccountDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly isTooCommon: PasswordCheck;
  readonly lifetimes: SessionLifetimes;
  readonly mail: MailSettings;
}

/** How long it is worth telling somebody that their password was changed. */
const NEWS_KEPT_MINUTES = 24 * 60;

function accountGone(): ProblemError {
  return new ProblemError('SESSION_ENDED', 'The account no longer exists.');
}

export async function updateProfile(
  { knex }: AccountDependencies,
  userId: string,
  { displayName }: ProfilePatch,
): Promise<Person> {
  return withScope(knex, { userId }, async (tx) => {
    if (displayName !== undefined) await setDisplayName(tx, userId, displayName);
    const person = await findPerson(tx, userId);
    if (person === undefined) throw accountGone();
    return person;
  });
}

function passwordWrong(): ProblemError {
  return new ProblemError('PASSWORD_WRONG', 'Give the password that you have now.');
}

/**
 * Asks anew who it is before something that can't be taken back.
 *
 * @throws ProblemError PASSWORD_WRONG
 */
export async function assertCurrentPassword(
  { knex, hasher }: Pick<AccountDependencies, 'knex' | 'hasher'>,
  userId: string,
  password: string,
): Promise<UserRow> {
  const user = await withScope(knex, { userId }, (tx) => findUser(tx, userId));
  if (user === undefined) throw accountGone();
  if (!(await hasher.verify(password, user.passwordHash))) throw passwordWrong();
  return user;
}

/**
 * Changes the password and ends all other sessions of the person, and links that could change it, in the same transaction.
 *
 * @throws ProblemError PASSWORD_WRONG, PASSWORD_TOO_COMMON
 */
export async function changePassword(
  { knex, hasher, isTooCommon, mail }: AccountDependencies,
  { userId, sessionId }: AccessClaims,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const user = await assertCurrentPassword({ knex, hasher }, userId, currentPassword);
  assertUncommon(isTooCommon, newPassword, user.email);
  const to = await hasher.hash(newPassword);
  await withScope(knex, { userId }, async (tx) => {
    // Somebody else may have changed it since it was checked.
    if (!(await replacePassword(tx, { id: userId, from: user.passwordHash, to }))) throw passwordWrong();
    await endSessions(tx, userId, sessionId);
    await voidLinksOfUser(tx, userId);
    if (mail.isOn)
      await queueMail(tx, { to: user.email, ...passwordChangedMail(mail), keptMinutes: NEWS_KEPT_MINUTES });
  });
}

/**
 * Leaves all workspaces and deletes the account.
 *
 * @throws ProblemError PASSWORD_WRONG, LAST_OWNER before anything is left
 */
export async function deleteAccount(
  { knex, hasher }: AccountDependencies,
  { userId, sessionId }: AccessClaims,
  currentPassword: string,
): Promise<void> {
  await assertCurrentPassword({ knex, hasher }, userId, currentPassword);
  const memberships = await withScope(knex, { userId }, (tx) => listMemberships(tx, userId));
  for (const { id: workspaceId, role, name } of memberships) {
    const owners = await withWorkspace(knex, workspaceId, (tx) => countOwners(tx, workspaceId));
    if (decideOwners({ from: role, to: null, owners }) === null) continue;
    throw new ProblemError(
      'LAST_OWNER',
      `You are the last owner of ${name}. Make another member an owner, or delete it, first.`,
    );
  }
  // Each decides once more, under a lock: another owner may be leaving at this moment.
  for (const { id: workspaceId } of memberships) {
    await removeMember(knex, { workspaceId, userId, by: { sessionId } }, userId);
  }
  await withScope(knex, { userId }, (tx) => deleteUser(tx, userId));
}

export async function listOwnSessions(
  { knex, lifetimes }: AccountDependencies,
  { userId, sessionId }: AccessClaims,
): Promise<Session[]> {
  const rows = await withScope(knex, { userId }, (tx) => listSessions(tx, userId, lifetimes));
  return rows.map(({ id, userAgent, createdAt, lastUsedAt }) => ({
    id,
    device: describeDevice(userAgent),
    createdAt,
    lastUsedAt,
    isCurrent: id === sessionId,
  }));
}

/** @throws ProblemError SESSION_NOT_FOUND when it is none of the person's, or has ended */
export async function endOwnSession({ knex }: AccountDependencies, userId: string, sessionId: string): Promise<void> {
  if (!(await withScope(knex, { userId }, (tx) => endSession(tx, sessionId)))) {
    throw new ProblemError('SESSION_NOT_FOUND', 'You have no session of this id, or it has ended.');
  }
}

export async function signOutEverywhere(
  knex: Knex,
  { userId, sessionId }: AccessClaims,
  { exceptCurrent }: { exceptCurrent: boolean },
): Promise<void> {
  await withScope(knex, { userId }, (tx) => endSessions(tx, userId, exceptCurrent ? sessionId : null));
}
