import { tmpdir } from 'node:os';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { readConfig } from '@hortus/service/config';
import { createLogger } from '@hortus/service/logger';
import { FolderObjectStore } from '@hortus/service/folder-object-store';
import { buildApp } from './app.ts';
import { createPasswordHasher } from './auth/password.ts';
import { ApiVariables } from './config.ts';
import { createKnex } from './db/knex.ts';
import { createApiMetrics } from './metrics.ts';

/** `node api/src/print-openapi.ts`: writes the OpenAPI document to stdout. Nothing is connected to. */
const logger = createLogger({ service: 'api', level: 'silent' });
const KEY = 'nothing-is-signed-by-this-key-of-nobody';
const config = readConfig(
  ApiVariables,
  {
    HORTUS_DATABASE_URL: 'postgres://nowhere',
    HORTUS_SECRET_KEY: KEY,
    HORTUS_SERVICE_KEY: KEY,
    HORTUS_OBJECTS_FOLDER: tmpdir(),
  },
  'api/README.md',
);
const app = await buildApp({
  config,
  knex: createKnex({ databaseUrl: config.databaseUrl, poolMax: 2, logger }),
  store: new FolderObjectStore(tmpdir()),
  hasher: createPasswordHasher(),
  bus: { subscribe: () => () => undefined, subscribeAccess: () => () => undefined },
  metrics: createApiMetrics(createMetricsRegistry()),
  logger,
});
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
