import { createMetricsRegistry, startAdminServer } from '@hortus/service/admin-server';
import { readConfig } from '@hortus/service/config';
import { createLogger } from '@hortus/service/logger';
import { FolderObjectStore } from '@hortus/service/object-store';
import { runProgram } from '@hortus/service/program';
import { shutDownOnSignal } from '@hortus/service/shutdown';
import { buildApp } from './app.ts';
import { createPasswordHasher } from './auth/password.ts';
import { ApiVariables } from './config.ts';
import { createKnex } from './db/knex.ts';
import { startListener } from './db/listener.ts';
import { assertWalledRole } from './db/roles.ts';
import { createEventBus } from './events/event-bus.ts';
import { EVENT_CHANNEL } from './events/event-repo.ts';
import { createApiMetrics } from './metrics.ts';
import { OUTBOX_CHANNEL } from './outbox/outbox-repo.ts';
import { startOutboxRelay } from './outbox/outbox-relay.ts';
import { createWorkflowStarter } from './outbox/workflow-starter.ts';

/** `node api/src/main.ts`: the api, its admin port and the relay of the outbox. */
runProgram('api', async () => {
  const config = readConfig(ApiVariables, process.env, 'api/README.md');
  const logger = createLogger({ service: 'api', level: config.logLevel });
  const knex = createKnex({ databaseUrl: config.databaseUrl, poolMax: config.databasePoolMax, logger });
  await assertWalledRole(knex);
  const store = new FolderObjectStore(config.objectsFolder);
  await store.prepare();

  const registry = createMetricsRegistry();
  const metrics = createApiMetrics(registry);
  const listener = startListener({
    databaseUrl: config.databaseUrl,
    channels: [EVENT_CHANNEL, OUTBOX_CHANNEL],
    logger,
  });
  const starter = createWorkflowStarter({ address: config.temporalAddress, namespace: config.temporalNamespace });
  const app = await buildApp({
    config,
    knex,
    store,
    metrics,
    logger,
    hasher: createPasswordHasher(),
    bus: createEventBus(listener),
  });
  const relay = startOutboxRelay({ knex, starter, listener, logger, metrics });
  const admin = await startAdminServer({
    host: config.host,
    port: config.adminPort,
    registry,
    // Temporal is not asked: while it is away, uploads are taken and wait in the outbox.
    checks: {
      database: async () => {
        await knex.raw('select 1');
      },
    },
  });
  shutDownOnSignal({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      {
        name: 'readiness off',
        run: () => {
          admin.drain();
        },
      },
      { name: 'finish requests', run: () => app.close() },
      { name: 'finish relay', run: () => relay.close() },
      { name: 'close listener', run: () => listener.close() },
      { name: 'close Temporal', run: () => starter.close() },
      { name: 'close database', run: () => knex.destroy() },
      { name: 'close admin port', run: () => admin.close() },
    ],
  });
  const address = await app.listen({ host: config.host, port: config.port });
  logger.info({ address, adminPort: admin.port }, 'the api is ready');
});
