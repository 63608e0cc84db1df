import { DEMO_PEOPLE } from '@hortus/contracts/demo';

/** What stands below the steps when everything runs. The first line is the one that scripts wait for. */
export function formatReadyText(start: {
  readonly url: string;
  readonly temporalUiUrl: string;
  /** Nothing: mails go to a real server. */
  readonly mailPageUrl: string | undefined;
  readonly home: string;
  readonly logs: string;
  readonly demoPassword: string;
  readonly seconds: number;
}): string {
  const people = DEMO_PEOPLE.map(({ email, role, workspaceSlug }) => `${email} (${role} of ${workspaceSlug})`);
  return [
    `Hortus is ready at ${start.url}`,
    '',
    ...people.map((person, index) => `  ${(index === 0 ? 'Sign in as' : '').padEnd(13)}${person}`),
    `  ${'Password'.padEnd(13)}${start.demoPassword}`,
    `  ${'Workflows'.padEnd(13)}${start.temporalUiUrl}`,
    ...(start.mailPageUrl === undefined ? [] : [`  ${'Mails'.padEnd(13)}${start.mailPageUrl}`]),
    `  ${'Data'.padEnd(13)}${start.home}`,
    `  ${'Logs'.padEnd(13)}${start.logs}`,
    '',
    `Started in ${start.seconds.toFixed(1)} s. Ctrl-C stops it.`,
  ].join('\n');
}
