/** A mail as it is sent, without its recipient. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const NAME_LENGTH_MAX = 60;

/**
 * The address of a page that acts by a one-time token. The token stands behind the `#`, so no server and no log of one sees
 * it when the link is opened.
 */
export function oneTimeLink(publicUrl: string, page: string, token: string): string {
  return `${publicUrl}/${page}#token=${token}`;
}

/**
 * A name that somebody has chosen, as it may stand in a mail to somebody else: one line, not long, and nothing that a mail
 * program would make a link of.
 */
export function nameInMail(name: string): string {
  const line = name
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .replaceAll('://', ' ')
    .replaceAll(/[.@](?=\S)/gu, (sign) => (sign === '.' ? '․' : '＠'))
    .trim();
  const characters = Array.from(line);
  return characters.length <= NAME_LENGTH_MAX ? line : `${characters.slice(0, NAME_LENGTH_MAX - 1).join('')}…`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

interface MailParts {
  readonly subject: string;
  readonly before: readonly string[];
  readonly link?: string;
  readonly after: readonly string[];
}

function compose({ subject, before, link, after }: MailParts): MailText {
  const paragraph = (content: string) => `<p>${content}</p>`;
  const anchor = link === undefined ? [] : [`<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`];
  return {
    // What would begin another header becomes a blank, whatever the parts were.
    subject: subject.replaceAll(/\p{C}+/gu, ' '),
    text: `${[...before, ...(link === undefined ? [] : [link]), ...after].join('\n\n')}\n`,
    html: [...before.map(escapeHtml), ...anchor, ...after.map(escapeHtml)].map(paragraph).join('\n'),
  };
}

function inWords(minutes: number): string {
  const [amount, unit] =
    minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${String(amount)} ${unit}${amount === 1 ? '' : 's'}`;
}

interface LinkData {
  readonly publicUrl: string;
  readonly token: string;
  /** How long the link is good. */
  readonly minutes: number;
}

const IGNORE = 'If that was not you, ignore this mail: nothing happens then.';

/** To an address that was given for a new account. It says nothing that the one who registers has chosen. */
export function verifyEmailMail({ publicUrl, token, minutes }: LinkData): MailText {
  return compose({
    subject: 'Confirm your e-mail address for Hortus',
    before: [
      `This address was given for a new account at ${publicUrl}. Confirm that it is yours within ${inWords(minutes)}:`,
    ],
    link: oneTimeLink(publicUrl, 'verify-email', token),
    after: [IGNORE],
  });
}

/** To an address that was given for a new account and has one. */
export function alreadyRegisteredMail({ publicUrl }: { publicUrl: string }): MailText {
  return compose({
    subject: 'You have a Hortus account already',
    before: [
      `This address was given for a new account at ${publicUrl}, and it has an account there already. Sign in with it:`,
    ],
    link: `${publicUrl}/sign-in`,
    after: [
      'If you do not know the password any more, choose “Forgotten password” there.',
      'If that was not you, ignore this mail: nothing has changed.',
    ],
  });
}

export function resetPasswordMail({ publicUrl, token, minutes }: LinkData): MailText {
  return compose({
    subject: 'Choose a new password for Hortus',
    before: [
      `Somebody asked for a new password of your account at ${publicUrl}. Choose one within ${inWords(minutes)}:`,
    ],
    link: oneTimeLink(publicUrl, 'reset-password', token),
    after: ['All of your sessions end when you do.', IGNORE],
  });
}

/** Tells the person that it happened, since it may not have been they who did it. */
export function passwordChangedMail({ publicUrl }: { publicUrl: string }): MailText {
  return compose({
    subject: 'Your Hortus password was changed',
    before: [`The password of your account at ${publicUrl} was changed, and your other sessions were ended.`],
    after: [`If that was not you, ask for a new password at once: ${publicUrl}/forgotten-password`],
  });
}

/** To the new address. */
export function confirmEmailChangeMail({ publicUrl, token, minutes }: LinkData): MailText {
  return compose({
    subject: 'Confirm your new e-mail address for Hortus',
    before: [
      `This address was given as the new one of an account at ${publicUrl}. Confirm it within ${inWords(minutes)}:`,
    ],
    link: oneTimeLink(publicUrl, 'confirm-email', token),
    after: [IGNORE],
  });
}

/** To the address that the account had. */
export function emailChangedMail({ publicUrl, newEmail }: { publicUrl: string; newEmail: string }): MailText {
  return compose({
    subject: 'The e-mail address of your Hortus account was changed',
    before: [`Your account at ${publicUrl} has the address ${newEmail} from now on. You sign in with that one.`],
    after: ['If that was not you, tell whoever runs this Hortus.'],
  });
}

export function invitationMail(
  invitation: LinkData & { readonly workspaceName: string; readonly inviterName: string },
): MailText {
  const { publicUrl, token, minutes } = invitation;
  const workspace = nameInMail(invitation.workspaceName);
  return compose({
    subject: `You are invited to ${workspace} on Hortus`,
    before: [
      `${nameInMail(invitation.inviterName)} invites you to the workspace “${workspace}” at ${publicUrl}.`,
      `The invitation is good for ${inWords(minutes)}:`,
    ],
    link: oneTimeLink(publicUrl, 'invitations', token),
    after: ['If you expected none, ignore this mail.'],
  });
}
