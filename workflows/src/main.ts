/** The worker: runs workflows and their steps until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker, type LogLevel } from '@temporalio/worker';
import { TASK_QUEUES } from '@hortus/contracts/gardener';
import { createMetricsRegistry, startAdminServer } from '@hortus/service/admin-server';
import { createLogger, type Logger } from '@hortus/service/logger';
import { FolderObjectStore } from '@hortus/service/object-store';
import { runProgram } from '@hortus/service/program';
import { shutDownOnSignal } from '@hortus/service/shutdown';
import { createActivities } from './activities.ts';
import { createApiClient } from './api-client.ts';
import { prepareBundle } from './bundle.ts';
import { readWorkerConfig, type WorkerConfig } from './config.ts';
import { prepareDecoder } from './garden-artifact/picture-source.ts';
import { createGardenMetrics, measureRunningSteps } from './metrics.ts';

const SERVICE = 'worker';

/** Temporal's own lines, in the form of all others. */
function temporalLogger(logger: Logger): DefaultLogger {
  const levels: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'debug', // A line per poller at start, which says nothing to an operator.
    WARN: 'warn',
    ERROR: 'error',
  };
  return new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    const { error, ...rest } = meta ?? {};
    // Two of the three workers run steps only, on purpose.
    if (message.startsWith('No workflows registered')) return;
    logger[levels[level]]({ ...rest, ...(error === undefined ? {} : { err: error as Error }) }, message);
  });
}

/** Waits for Temporal as long as it takes: a worker that starts first is not at fault. */
async function connect(config: WorkerConfig, logger: Logger): Promise<NativeConnection> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      return await NativeConnection.connect({ address: config.temporalAddress });
    } catch (error) {
      logger.warn({ address: config.temporalAddress, reason: String(error) }, 'Temporal does not answer yet');
      await sleep(waitMs);
    }
  }
}

async function createWorkers(
  config: WorkerConfig,
  connection: NativeConnection,
  activities: ReturnType<typeof createActivities>,
): Promise<readonly Worker[]> {
  const bundle = await prepareBundle(Runtime.instance().logger);
  const shared = { connection, namespace: config.temporalNamespace };
  const heavy = {
    ...shared,
    // So often at most is a heartbeat sent, which is also how a cancelled step is told.
    maxHeartbeatThrottleInterval: '5 seconds',
  } as const;
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.io,
      activities: activities[TASK_QUEUES.io],
      ...(bundle === null
        ? { workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) }
        : { workflowBundle: { codePath: bundle } }),
      // These only wait for the api: as many as its own pool of connections takes without queueing.
      maxConcurrentActivityTaskExecutions: 20,
      maxCachedWorkflows: 500,
      shutdownGraceTime: '5 seconds',
    }),
    Worker.create({
      ...heavy,
      taskQueue: TASK_QUEUES.cpu,
      maxConcurrentActivityTaskExecutions: config.webpSlots,
      activities: activities[TASK_QUEUES.cpu],
      // Enough for the width in work; the rest is resumed by another worker, or by this one after its start.
      shutdownGraceTime: '5 seconds',
    }),
    Worker.create({
      ...heavy,
      taskQueue: TASK_QUEUES.avif,
      maxConcurrentActivityTaskExecutions: config.avifSlots,
      activities: activities[TASK_QUEUES.avif],
      // One width may take a minute: its process is ended at once, and the width is made again after the start.
      shutdownGraceTime: '0 seconds',
    }),
  ]);
}

async function main(): Promise<void> {
  const config = readWorkerConfig();
  const logger = createLogger({ service: SERVICE, level: config.logLevel });
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  prepareDecoder();

  const registry = createMetricsRegistry();
  let workers: readonly Worker[] = [];
  const admin = await startAdminServer({
    host: config.host,
    port: config.adminPort,
    registry,
    checks: {
      temporal: () => {
        const states = workers.map((worker) => worker.getState());
        if (states.length === 0) throw new Error('not connected yet');
        const other = states.find((state) => state !== 'RUNNING');
        if (other !== undefined) throw new Error(`a worker is ${other.toLowerCase()}`);
      },
    },
  });

  const objects = new FolderObjectStore(config.objectsFolder);
  await objects.prepare();
  const connection = await connect(config, logger);
  workers = await createWorkers(
    config,
    connection,
    createActivities({
      api: createApiClient({ url: config.apiUrl, serviceKey: config.serviceKey }),
      objects,
      metrics: createGardenMetrics(registry),
      maxPixels: config.pictureMaxPixels,
    }),
  );
  measureRunningSteps(
    registry,
    workers.map((worker) => ({
      taskQueue: worker.options.taskQueue,
      runningSteps: () => worker.getStatus().numInFlightActivities,
    })),
  );

  const runs = workers.map((worker) => worker.run());
  const stopped = Promise.allSettled(runs);
  const shutDown = shutDownOnSignal({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      {
        name: 'readiness',
        run: () => {
          admin.drain();
        },
      },
      {
        name: 'workers',
        run: async () => {
          for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
          await stopped;
        },
      },
      { name: 'connection', run: () => connection.close() },
      { name: 'admin', run: () => admin.close() },
    ],
  });
  for (const run of runs) {
    run.catch((error: unknown) => {
      logger.fatal({ err: error }, 'a worker failed');
      shutDown('a worker failed', 1);
    });
  }
  logger.info(
    {
      adminPort: admin.port,
      temporal: config.temporalAddress,
      namespace: config.temporalNamespace,
      slots: config.webpSlots,
    },
    'worker stands',
  );
}

runProgram(SERVICE, main);
