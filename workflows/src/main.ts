/** The worker: runs workflows and their steps until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  makeTelemetryFilterString,
  type LogLevel,
  type Worker,
} from '@temporalio/worker';
import { createMetricsRegistry, startAdminServer } from '@hortus/service/admin-server';
import { createLogger, type Logger } from '@hortus/service/logger';
import { createObjectStore } from '@hortus/service/object-store-config';
import { runProgram } from '@hortus/service/program';
import { shutDownOnSignal } from '@hortus/service/shutdown';
import { createActivities } from './activities.ts';
import { createApiClient } from './api-client.ts';
import { readWorkerConfig, type WorkerConfig } from './config.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { createPictureProcesses } from './garden-artifact/picture-processes.ts';
import { createGardenMetrics, measureRunningSteps } from './metrics.ts';
import { ensurePurgeSchedule } from './purge-trash/schedule.ts';
import { createWorkers } from './workers.ts';

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

/** Tries until it is done, at growing intervals. */
async function persist(logger: Logger, what: string, attempt: () => Promise<void>): Promise<void> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 60_000)) {
    try {
      await attempt();
      return;
    } catch (error) {
      logger.warn({ reason: String(error) }, what);
      await sleep(waitMs, undefined, { ref: false });
    }
  }
}

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger({ service: SERVICE, level: config.logLevel });
  Runtime.install({
    logger: temporalLogger(logger),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    shutdownSignals: [],
  });

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

  const objects = await createObjectStore(config);
  await objects.prepare();
  const pictures = createPictureProcesses();
  const connection = await connect(config, logger);
  const client = new Client({ connection, namespace: config.temporalNamespace });
  await persist(logger, 'the search attributes do not stand yet', () => ensureSearchAttributes(client));
  workers = await createWorkers(
    { connection, namespace: config.temporalNamespace, webpSlots: config.webpSlots, avifSlots: config.avifSlots },
    createActivities({
      api: createApiClient({ url: config.apiUrl, serviceKey: config.serviceKey }),
      objects,
      temporal: client,
      metrics: createGardenMetrics(registry),
      pictures,
      maxPixels: config.pictureMaxPixels,
      preset: config.preset,
    }),
  );
  void persist(logger, 'the schedule of the purge does not stand yet', () => ensurePurgeSchedule(client));
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
      {
        name: 'processes',
        run: () => {
          pictures[Symbol.dispose]();
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
