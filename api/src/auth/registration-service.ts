import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import {
  VERIFICATION_LINK_MINUTES,
  type EmailVerification,
  type NewAccount,
  type Registration,
} from '@hortus/contracts/account-api';
import { ProblemError } from '@hortus/service/problem';
import { withScope } from '../db/scope.ts';
import { queueMail, queueNoMail } from '../mail/mail-repo.ts';
import { assertMailIsOn, type MailSettings } from '../mail/mail-settings.ts';
import { alreadyRegisteredMail, verifyEmailMail } from '../mail/mail-templates.ts';
import { createWorkspace } from '../workspaces/workspace-service.ts';
import { normalizeEmail } from './email.ts';
import { mayAskForLink } from './link-policy.ts';
import {
  countRecentLinks,
  deleteRegistrations,
  findLink,
  findPendingRegistration,
  insertLink,
  takeLink,
  voidLink,
  type LinkRow,
  type PendingAccount,
} from './link-repo.ts';
import { createLinkToken, readLinkToken } from './one-time-link.ts';
import type { PasswordHasher } from './password.ts';
import { assertUncommon, type PasswordCheck } from './password-policy.ts';
import { findUserByEmail, insertUserIfFree } from './user-repo.ts';

/*
 *   register ──▶ link mailed ──verifyEmail, with the password──▶ account
 *                  │ resendVerification: a new link in its place
 *                  └ 24 hours pass: forgotten
 *
 * Whatever is known of the address, a request takes the same hashes and the same number of queries, and has the same answer.
 * Until it is confirmed a registration is no person: nobody can sign in by it, and several for one address do not disturb
 * each other. The one that is confirmed is the one whose password is given with the link.
 */

export interface RegistrationDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly isTooCommon: PasswordCheck;
  readonly registration: Registration;
  readonly mail: MailSettings;
}

function assertOpen({ registration, mail }: RegistrationDependencies): void {
  if (registration !== 'open') {
    const remedy =
      registration === 'invited' ? 'Ask for an invitation to a workspace.' : 'Ask whoever runs this Hortus.';
    throw new ProblemError('REGISTRATION_CLOSED', remedy);
  }
  assertMailIsOn(mail);
}

export function linkInvalid(): ProblemError {
  return new ProblemError('LINK_INVALID', 'It was used, has expired, or was cut off. Ask for a new one.');
}

function accountOf({ displayName, passwordHash, workspaceName }: LinkRow): PendingAccount | null {
  return displayName === null || passwordHash === null ? null : { displayName, passwordHash, workspaceName };
}

/** Needs the scope `email`. */
async function offerLink(
  tx: Knex.Transaction,
  asked: { email: string; account: PendingAccount | null; addressBlock: string },
): Promise<{ text: string }> {
  const { id, secretSha256, text } = createLinkToken();
  await insertLink(tx, {
    id,
    kind: 'registration',
    userId: null,
    secretSha256: asked.account === null ? null : secretSha256,
    minutes: VERIFICATION_LINK_MINUTES,
    ...asked,
  });
  return { text };
}

function verification(mail: MailSettings, token: string) {
  const minutes = VERIFICATION_LINK_MINUTES;
  return { ...verifyEmailMail({ publicUrl: mail.publicUrl, token, minutes }), keptMinutes: minutes };
}

/**
 * Sends a link, or, to who has an account already, a mail that says so.
 *
 * @throws ProblemError REGISTRATION_CLOSED, MAIL_NOT_SET_UP, PASSWORD_TOO_COMMON
 */
export async function register(
  dependencies: RegistrationDependencies,
  { email: given, password, displayName, workspaceName }: NewAccount,
  addressBlock: string,
): Promise<void> {
  assertOpen(dependencies);
  const { knex, hasher, isTooCommon, mail } = dependencies;
  const email = normalizeEmail(given);
  assertUncommon(isTooCommon, password, email);
  const passwordHash = await hasher.hash(password);
  await withScope(knex, { email }, async (tx) => {
    const user = await findUserByEmail(tx, email);
    if (!mayAskForLink(await countRecentLinks(tx, { email, kind: 'registration', addressBlock }))) return;
    const account = user === undefined ? { displayName, passwordHash, workspaceName: workspaceName ?? null } : null;
    const { text } = await offerLink(tx, { email, account, addressBlock });
    const answer =
      account === null
        ? { ...alreadyRegisteredMail(mail), keptMinutes: VERIFICATION_LINK_MINUTES }
        : verification(mail, text);
    await queueMail(tx, { to: email, ...answer });
  });
}

/** @throws ProblemError REGISTRATION_CLOSED, MAIL_NOT_SET_UP */
export async function resendVerification(
  dependencies: RegistrationDependencies,
  given: string,
  addressBlock: string,
): Promise<void> {
  assertOpen(dependencies);
  const { knex, mail } = dependencies;
  const email = normalizeEmail(given);
  await withScope(knex, { email }, async (tx) => {
    const pending = await findPendingRegistration(tx, email);
    if (!mayAskForLink(await countRecentLinks(tx, { email, kind: 'registration', addressBlock }))) return;
    const account = pending === undefined ? null : accountOf(pending);
    const { text } = await offerLink(tx, { email, account, addressBlock });
    await voidLink(tx, pending?.id ?? randomUUID());
    if (account === null) await queueNoMail(tx);
    else await queueMail(tx, { to: email, ...verification(mail, text) });
  });
}

/**
 * Makes the account, and the first workspace where one was named.
 *
 * @throws ProblemError LINK_INVALID, PASSWORD_WRONG
 */
export async function verifyEmail(
  { knex, hasher }: RegistrationDependencies,
  { token: text, password }: EmailVerification,
): Promise<void> {
  const token = readLinkToken(text);
  if (token === null) throw linkInvalid();
  const pending = await withScope(knex, { linkId: token.id }, (tx) => findLink(tx, 'registration', token));
  const account = pending === undefined ? null : accountOf(pending);
  if (pending === undefined || account === null) throw linkInvalid();
  const { email } = pending;
  const { passwordHash, displayName, workspaceName } = account;
  if (!(await hasher.verify(password, passwordHash))) {
    throw new ProblemError('PASSWORD_WRONG', 'Give the password with which you have registered, or register anew.');
  }
  const id = randomUUID();
  const isMade = await withScope(knex, { linkId: token.id, userId: id, email }, async (tx) => {
    if ((await takeLink(tx, 'registration', token)) === undefined) return false;
    if (!(await insertUserIfFree(tx, { id, email, displayName, passwordHash }))) return false;
    await deleteRegistrations(tx, email);
    return true;
  });
  if (!isMade) throw linkInvalid();
  // On its own: should it fail, the person is there and makes a workspace as everybody does.
  if (workspaceName !== null) {
    const workspaceId = randomUUID();
    await withScope(knex, { workspaceId, userId: id }, (tx) =>
      createWorkspace(tx, { userId: id, by: { mailedLink: true } }, workspaceId, { name: workspaceName }),
    );
  }
}
