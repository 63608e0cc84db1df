/** The operator: makes the cluster as its Workspace resources say, until it is told to stop. */
import { createMetricsRegistry, startAdminServer } from '@hortus/service/admin-server';
import { ConfigError } from '@hortus/service/config';
import { createLogger } from '@hortus/service/logger';
import { runProgram } from '@hortus/service/program';
import { shutDownOnSignal } from '@hortus/service/shutdown';
import { createApiClient } from './api-client.ts';
import { readOperatorConfig, type OperatorConfig } from './config.ts';
import { dryRun } from './dry-run.ts';
import { KubeClient } from './kube/client.ts';
import { readEndpoint } from './kube/endpoint.ts';
import { createControllerMetrics } from './kube/metrics.ts';
import { TokenBucket } from './kube/token-bucket.ts';
import { Transport } from './kube/transport.ts';
import { startOperator } from './operator.ts';
import { OPERATOR_USAGE, parseOperatorOptions, type OperatorOptions } from './options.ts';
import type { Settings } from './workspace/settings.ts';

const SERVICE = 'operator';
/** No word from the API server for so long, bookmarks included, means that the watches are dead. */
const SILENCE_MAX_MS = 300_000;

function settingsOf(config: OperatorConfig): Settings {
  const { sharedNamespace, userPrefix, operatorNamespace, gardenerImage } = config;
  return { sharedNamespace, userPrefix, hortusNamespace: operatorNamespace, gardenerImage };
}

function readOptions(): OperatorOptions {
  try {
    return parseOperatorOptions(process.argv.slice(2));
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${OPERATOR_USAGE}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.isHelp) {
    process.stdout.write(OPERATOR_USAGE);
    return;
  }
  const config = readOperatorConfig(process.env);
  const logger = createLogger({ service: SERVICE, level: options.isDryRun ? 'warn' : config.logLevel });
  const registry = createMetricsRegistry();
  const metrics = createControllerMetrics(registry);
  const perSecond = config.operatorRequestsPerSecond;
  const transport = new Transport({
    endpoint: await readEndpoint(options.kubeconfig),
    bucket: new TokenBucket({ perSecond, burst: perSecond * 2 }),
    userAgent: 'hortus-operator',
    observe: metrics.observeRequest,
  });
  const client = new KubeClient(transport);
  const api = createApiClient({
    url: config.apiUrl,
    serviceKey: config.serviceKey,
    tokenFile: config.serviceTokenFile,
  });
  const settings = settingsOf(config);
  if (options.isDryRun) {
    process.stdout.write(await dryRun({ client, api, settings, logger, names: options.names }));
    await api.close();
    await transport.close();
    return;
  }
  if (config.serviceKey === undefined && config.serviceTokenFile === undefined) {
    throw new ConfigError(
      'Set HORTUS_SERVICE_TOKEN_FILE in a cluster, or HORTUS_SERVICE_KEY elsewhere. See operator/README.md.',
    );
  }
  const operator = startOperator({
    client,
    api,
    settings,
    workers: config.operatorWorkers,
    namespace: config.operatorNamespace,
    logger,
    metrics,
  });
  const admin = await startAdminServer({
    host: config.host,
    port: config.adminPort,
    registry,
    checks: {
      caches: () => {
        if (!operator.cache.isSynced()) throw new Error('the cluster has not been read completely yet');
      },
      watches: () => {
        const silentMs = operator.cache.silentMs();
        if (silentMs > SILENCE_MAX_MS) throw new Error(`the API server was not heard of for ${String(silentMs)} ms`);
      },
    },
  });
  shutDownOnSignal({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      {
        name: 'readiness',
        run: () => {
          admin.drain();
        },
      },
      { name: 'operator', run: () => operator.stop() },
      { name: 'connections', run: () => Promise.all([transport.close(), api.close()]).then(() => undefined) },
      { name: 'admin', run: () => admin.close() },
    ],
  });
  logger.info({ adminPort: admin.port, identity: operator.identity }, 'the operator follows the cluster');
}

runProgram(SERVICE, main);
