import { findRunningHortus } from '../demo/running-hortus.ts';
import { readPostgresPort, postgresUrl } from '../servers/postgres.ts';
import { readStartConfig } from '../start/config.ts';
import { dataFolder } from '../start/data-folder.ts';
import { DATABASE } from '../start/program-env.ts';
import { readOrMakeSecrets } from '../start/secrets.ts';
import { UserError } from '../terminal/user-error.ts';

/**
 * The database with the role of the api: the one that the variable names, else that of the Hortus that runs here.
 *
 * @throws UserError when there is neither
 */
export async function findDatabaseUrl(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['HORTUS_DATABASE_URL'];
  if (named !== undefined && named !== '') return named;
  await findRunningHortus();
  const folder = dataFolder(readStartConfig(env).home);
  const [port, secrets] = await Promise.all([readPostgresPort(folder.postgres), readOrMakeSecrets(folder)]);
  if (port === undefined) throw new UserError(`Postgres does not run on ${folder.postgres}. Is Hortus stopping?`);
  return postgresUrl({ port, user: 'hortus_api', password: secrets.apiDatabasePassword, database: DATABASE });
}
