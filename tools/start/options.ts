import { parseArgs } from 'node:util';
import { UserError } from '../terminal/user-error.ts';

export interface StartOptions {
  readonly isDev: boolean;
  readonly isHelp: boolean;
}

export const START_USAGE = `Usage: npm start | npm run dev

Runs Hortus on this machine: Postgres, Temporal, a mail catcher, the api with the web app, and the worker. Ctrl-C stops it.
npm run dev does the same and restarts programs when their source changes.

  HORTUS_HOME               folder of the data (default .hortus in the checkout)
  HORTUS_HOST               address that the api listens on (default 127.0.0.1)
  HORTUS_PORT               port of the api and web app (default 8080)
  HORTUS_API_ADMIN_PORT     admin port of the api (default 9080)
  HORTUS_WORKER_ADMIN_PORT  admin port of the worker (default 9081)
  HORTUS_POSTGRES_PORT      port of Postgres (default 5433)
  HORTUS_TEMPORAL_PORT      port of Temporal (default 7233)
  HORTUS_TEMPORAL_UI_PORT   port of Temporal's page (default 8233)
  HORTUS_MAIL_UI_PORT       port of the mail catcher's page (default 1080)
  HORTUS_MAIL_SMTP_PORT     port of the mail catcher's SMTP (default 1025)
  HORTUS_SMTP_URL           mail server, smtp://… or smtps://… (default: the mail catcher, which only shows mails)
  HORTUS_MAIL_FROM          sender of mails
  HORTUS_REGISTRATION       who may register: open, invited, closed (default open)
  HORTUS_PUBLIC_URL         where browsers find the product (default http://localhost:<port>)
  HORTUS_DEMO_PASSWORD      password of the demo's people (default: made once and printed)
  HORTUS_LOG_LEVEL          least severe level that is logged (default info)
  TEMPORAL_CLI              path of a Temporal CLI (default: found, downloaded or built)
`;

/** @throws UserError when there is an argument that it does not know */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { dev: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    });
    return { isDev: values.dev, isHelp: values.help };
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}. See npm start -- --help.`);
  }
}
