import type { Knex } from 'knex';
import { EMAIL_CHANGE_LINK_MINUTES, type EmailChange } from '@hortus/contracts/account-api';
import { withScope } from '../db/scope.ts';
import { queueMail, queueNoMail } from '../mail/mail-repo.ts';
import { assertMailIsOn, type MailSettings } from '../mail/mail-settings.ts';
import { confirmEmailChangeMail, emailChangedMail } from '../mail/mail-templates.ts';
import { assertCurrentPassword } from './account-service.ts';
import { normalizeEmail } from './email.ts';
import { mayAskForLink } from './link-policy.ts';
import { countRecentLinks, findLink, insertLink, takeLink, voidLinksOfUser } from './link-repo.ts';
import { createLinkToken, readLinkToken } from './one-time-link.ts';
import type { PasswordHasher } from './password.ts';
import { linkInvalid } from './registration-service.ts';
import { findUser, findUserByEmail, setEmail } from './user-repo.ts';

export interface EmailChangeDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly mail: MailSettings;
}

const NEWS_KEPT_MINUTES = 24 * 60;

/**
 * Sends a link to the new address; takes as many queries, and sends nothing, where somebody has it already.
 *
 * @throws ProblemError MAIL_NOT_SET_UP, PASSWORD_WRONG
 */
export async function changeEmail(
  { knex, hasher, mail }: EmailChangeDependencies,
  userId: string,
  { email: given, currentPassword }: EmailChange,
  addressBlock: string,
): Promise<void> {
  assertMailIsOn(mail);
  await assertCurrentPassword({ knex, hasher }, userId, currentPassword);
  const email = normalizeEmail(given);
  await withScope(knex, { email, userId }, async (tx) => {
    const isTaken = (await findUserByEmail(tx, email)) !== undefined;
    if (!mayAskForLink(await countRecentLinks(tx, { email, kind: 'email', addressBlock }))) return;
    const { id, secretSha256, text } = createLinkToken();
    await insertLink(tx, {
      id,
      kind: 'email',
      email,
      userId,
      secretSha256: isTaken ? null : secretSha256,
      account: null,
      addressBlock,
      minutes: EMAIL_CHANGE_LINK_MINUTES,
    });
    if (isTaken) return queueNoMail(tx);
    const { publicUrl } = mail;
    const content = confirmEmailChangeMail({ publicUrl, token: text, minutes: EMAIL_CHANGE_LINK_MINUTES });
    await queueMail(tx, { to: email, ...content, keptMinutes: EMAIL_CHANGE_LINK_MINUTES });
  });
}

/**
 * The address is the person's from now on; the one before is told. Links that were sent to that one end.
 *
 * @throws ProblemError LINK_INVALID, also when somebody else has got the address in the meantime
 */
export async function confirmEmail({ knex, mail }: EmailChangeDependencies, text: string): Promise<void> {
  const token = readLinkToken(text);
  if (token === null) throw linkInvalid();
  const link = await withScope(knex, { linkId: token.id }, (tx) => findLink(tx, 'email', token));
  const userId = link?.userId ?? null;
  if (link === undefined || userId === null) throw linkInvalid();
  const { email } = link;
  await withScope(knex, { linkId: token.id, userId }, async (tx) => {
    if ((await takeLink(tx, 'email', token)) === undefined) throw linkInvalid();
    const before = await findUser(tx, userId);
    if (before === undefined || !(await setEmail(tx, userId, email))) throw linkInvalid();
    await voidLinksOfUser(tx, userId);
    if (!mail.isOn) return;
    const news = emailChangedMail({ publicUrl: mail.publicUrl, newEmail: email });
    await queueMail(tx, { to: before.email, ...news, keptMinutes: NEWS_KEPT_MINUTES });
  });
}
