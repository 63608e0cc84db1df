import type { Knex } from 'knex';
import { RESET_LINK_MINUTES, type PasswordReset } from '@hortus/contracts/account-api';
import { withScope } from '../db/scope.ts';
import { queueMail, queueNoMail } from '../mail/mail-repo.ts';
import { assertMailIsOn, type MailSettings } from '../mail/mail-settings.ts';
import { passwordChangedMail, resetPasswordMail } from '../mail/mail-templates.ts';
import { normalizeEmail } from './email.ts';
import { mayAskForLink } from './link-policy.ts';
import { countRecentLinks, findLink, insertLink, takeLink, voidLinksOfUser } from './link-repo.ts';
import { createLinkToken, readLinkToken } from './one-time-link.ts';
import type { PasswordHasher } from './password.ts';
import { assertUncommon, type PasswordCheck } from './password-policy.ts';
import { linkInvalid } from './registration-service.ts';
import { endSessions } from './session-repo.ts';
import { findUserByEmail, setPassword } from './user-repo.ts';

export interface RecoveryDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly isTooCommon: PasswordCheck;
  readonly mail: MailSettings;
}

/** How long it is worth telling somebody that their password was changed. */
const NEWS_KEPT_MINUTES = 24 * 60;

/**
 * Sends a link to who has the address; takes as many queries, and sends nothing, where nobody has it.
 *
 * @throws ProblemError MAIL_NOT_SET_UP
 */
export async function forgotPassword(
  { knex, mail }: RecoveryDependencies,
  given: string,
  addressBlock: string,
): Promise<void> {
  assertMailIsOn(mail);
  const email = normalizeEmail(given);
  await withScope(knex, { email }, async (tx) => {
    const user = await findUserByEmail(tx, email);
    if (!mayAskForLink(await countRecentLinks(tx, { email, kind: 'reset', addressBlock }))) return;
    const { id, secretSha256, text } = createLinkToken();
    await insertLink(tx, {
      id,
      kind: 'reset',
      email,
      userId: user?.id ?? null,
      secretSha256: user === undefined ? null : secretSha256,
      account: null,
      addressBlock,
      minutes: RESET_LINK_MINUTES,
    });
    if (user === undefined) return queueNoMail(tx);
    const content = resetPasswordMail({ publicUrl: mail.publicUrl, token: text, minutes: RESET_LINK_MINUTES });
    await queueMail(tx, { to: user.email, ...content, keptMinutes: RESET_LINK_MINUTES });
  });
}

/**
 * Changes the password by a link, and ends all sessions and other links of the person in the same transaction. It opens no
 * session, so a second factor is asked for as ever.
 *
 * @throws ProblemError LINK_INVALID, PASSWORD_TOO_COMMON
 */
export async function resetPassword(
  { knex, hasher, isTooCommon, mail }: RecoveryDependencies,
  { token: text, newPassword }: PasswordReset,
): Promise<void> {
  const token = readLinkToken(text);
  if (token === null) throw linkInvalid();
  const link = await withScope(knex, { linkId: token.id }, (tx) => findLink(tx, 'reset', token));
  const userId = link?.userId ?? null;
  if (link === undefined || userId === null) throw linkInvalid();
  assertUncommon(isTooCommon, newPassword, link.email);
  const passwordHash = await hasher.hash(newPassword);
  await withScope(knex, { linkId: token.id, userId }, async (tx) => {
    // Somebody else may have used it while the password was hashed.
    if ((await takeLink(tx, 'reset', token)) === undefined) throw linkInvalid();
    await setPassword(tx, userId, passwordHash);
    await endSessions(tx, userId, null);
    await voidLinksOfUser(tx, userId);
    if (mail.isOn)
      await queueMail(tx, { to: link.email, ...passwordChangedMail(mail), keptMinutes: NEWS_KEPT_MINUTES });
  });
}
