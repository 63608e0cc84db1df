import { ProblemError } from '@hortus/service/problem';

export interface MailSettings {
  /** Where the links of mails lead. */
  readonly publicUrl: string;
  /** Whether there is a mail server. */
  readonly isOn: boolean;
}

/**
 * What needs a mail is refused where none is sent, before anything is looked up, so that the answer tells nothing.
 *
 * @throws ProblemError MAIL_NOT_SET_UP
 */
export function assertMailIsOn({ isOn }: MailSettings): void {
  if (isOn) return;
  throw new ProblemError(
    'MAIL_NOT_SET_UP',
    'Ask whoever runs this Hortus: accounts can be made and mended without mail.',
  );
}
