import { readConfig } from '@hortus/service/config';
import { createLogger } from '@hortus/service/logger';
import { runProgram } from '@hortus/service/program';
import { MigrateVariables } from './config.ts';
import { createOwnerKnex, migrateUp } from './db/migrate.ts';

/** `node api/src/migrate.ts`: brings the database to the newest schema and ends. */
runProgram('migrate', async () => {
  const config = readConfig(MigrateVariables, process.env, 'api/README.md');
  const logger = createLogger({ service: 'migrate', level: config.logLevel });
  const owner = createOwnerKnex(config.databaseOwnerUrl);
  try {
    const migrations = await migrateUp(owner, { apiPassword: config.apiDatabasePassword });
    logger.info({ migrations }, migrations.length === 0 ? 'the schema is the newest' : 'the schema was brought up');
  } finally {
    await owner.destroy();
  }
});
