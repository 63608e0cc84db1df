import { tmpdir } from 'node:os';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { createLogger } from '@hortus/service/logger';
import { FolderObjectStore } from '@hortus/service/object-store';
import { buildApp } from './app.ts';
import { createPasswordHasher } from './auth/password.ts';
import { createKnex } from './db/knex.ts';
import { createApiMetrics } from './metrics.ts';

/** `node api/src/print-openapi.ts`: writes the OpenAPI document to stdout. Nothing is connected to. */
const logger = createLogger({ service: 'api', level: 'silent' });
const app = await buildApp({
  config: {
    host: '127.0.0.1',
    logLevel: 'silent',
    shutdownTimeoutMs: 0,
    port: 0,
    adminPort: 0,
    publicUrl: 'http://localhost:8080',
    databaseUrl: 'postgres://nowhere',
    databasePoolMax: 2,
    secretKey: '',
    serviceKey: '',
    temporalAddress: '',
    temporalNamespace: '',
    objectsFolder: tmpdir(),
    uploadMaxBytes: 1,
  },
  knex: createKnex({ databaseUrl: 'postgres://nowhere', poolMax: 2, logger }),
  store: new FolderObjectStore(tmpdir()),
  hasher: createPasswordHasher(),
  bus: { subscribe: () => () => undefined },
  metrics: createApiMetrics(createMetricsRegistry()),
  logger,
});
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
