import { createMetricsRegistry, startAdminServer } from '@hortus/service/admin-server';
import { readConfig } from '@hortus/service/config';
import { createLogger } from '@hortus/service/logger';
import { createObjectStore } from '@hortus/service/object-store-config';
import { runProgram } from '@hortus/service/program';
import { shutDownOnSignal } from '@hortus/service/shutdown';
import { buildApp } from './app.ts';
import { createPasswordHasher } from './auth/password.ts';
import { ApiVariables } from './config.ts';
import { createKnex } from './db/knex.ts';
import { startListener } from './db/listener.ts';
import { assertWalledRole } from './db/roles.ts';
import { ACCESS_CHANNEL, createEventBus } from './events/event-bus.ts';
import { EVENT_CHANNEL } from './events/event-repo.ts';
import { MAIL_CHANNEL } from './mail/mail-repo.ts';
import { startMailRelay } from './mail/mail-relay.ts';
import { createMailTransport } from './mail/mail-transport.ts';
import { createApiMetrics } from './metrics.ts';
import { OUTBOX_CHANNEL } from './outbox/outbox-repo.ts';
import { startOutboxRelay } from './outbox/outbox-relay.ts';
import { createWorkflowStarter } from './outbox/workflow-starter.ts';
import { startUploadSweep } from './uploads/upload-sweep.ts';
import { REMOVAL_CHANNEL } from './workspaces/removal-repo.ts';
import { startRemovalSweep } from './workspaces/removal-sweep.ts';

/** `node api/src/main.ts`: the api, its admin port and the relay of the outbox. */
runProgram('api', async () => {
  const config = readConfig(ApiVariables, process.env, 'api/README.md');
  const logger = createLogger({ service: 'api', level: config.logLevel });
  const knex = createKnex({ databaseUrl: config.databaseUrl, poolMax: config.databasePoolMax, logger });
  await assertWalledRole(knex);
  const store = await createObjectStore(config);
  await store.prepare();

  const registry = createMetricsRegistry();
  const metrics = createApiMetrics(registry);
  const listener = startListener({
    databaseUrl: config.databaseUrl,
    channels: [EVENT_CHANNEL, ACCESS_CHANNEL, OUTBOX_CHANNEL, MAIL_CHANNEL, REMOVAL_CHANNEL],
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
  const removals = startRemovalSweep({ knex, starter, listener, logger });
  const { smtpUrl } = config;
  const from = config.mailFrom ?? `Hortus <noreply@${new URL(config.publicUrl).hostname}>`;
  const mailRelay =
    smtpUrl === undefined
      ? null
      : startMailRelay({ knex, transport: createMailTransport({ smtpUrl, from }), listener, logger, metrics });
  if (mailRelay === null) logger.warn('no mail is sent, since HORTUS_SMTP_URL is not set; what needs one is refused');
  const sweep = startUploadSweep({ knex, store, logger });
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
      { name: 'finish removals', run: () => removals.close() },
      { name: 'finish sweep', run: () => sweep.close() },
      { name: 'finish mails', run: () => mailRelay?.close() },
      { name: 'close listener', run: () => listener.close() },
      { name: 'close Temporal', run: () => starter.close() },
      { name: 'close database', run: () => knex.destroy() },
      { name: 'close admin port', run: () => admin.close() },
    ],
  });
  const address = await app.listen({ host: config.host, port: config.port });
  logger.info({ address, adminPort: admin.port }, 'the api is ready');
});
