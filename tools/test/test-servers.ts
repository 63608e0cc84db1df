import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createOwnerKnex, migrateUp } from '../../api/src/db/migrate.ts';
import { startStack, type Stack } from '../servers/stack.ts';
import type { Say } from '../terminal/say.ts';
import type { TestEnvironment } from './fixtures/test-environment.ts';

const TEMPLATE = 'hortus_template';

export interface TestServers {
  readonly environment: TestEnvironment;
  stop(): Promise<void>;
}

/** Postgres with a migrated template that each test file copies, Temporal and a mail catcher; shared by all integration tests. */
export async function startTestServers(folder: string, say: Say): Promise<TestServers> {
  const stack: Stack = await startStack({ folder, say });
  const apiDatabasePassword = randomBytes(16).toString('hex');
  const { adminUrl } = stack.postgres;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const owner = createOwnerKnex(Object.assign(new URL(adminUrl), { pathname: `/${TEMPLATE}` }).href);
  await migrateUp(owner, { apiPassword: apiDatabasePassword });
  // PostgreSQL copies a template only while nobody is connected to it.
  await owner.destroy();
  return {
    environment: {
      postgresAdminUrl: adminUrl,
      templateDatabase: TEMPLATE,
      apiDatabasePassword,
      temporalAddress: stack.temporal.address,
      smtpUrl: stack.mail.smtpUrl,
      mailPageUrl: stack.mail.pageUrl,
    },
    stop: () => stack.stop(),
  };
}
