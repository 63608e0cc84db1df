import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { postgresUrl } from '../servers/postgres.ts';
import type { StartConfig } from './config.ts';
import { dataFolder } from './data-folder.ts';
import type { Ports } from './plan-ports.ts';
import type { Secrets } from './secrets.ts';

/** Everything that the environments of the programs are made of. */
export interface StartPlan {
  readonly config: StartConfig;
  readonly ports: Ports;
  readonly secrets: Secrets;
}

export const DATABASE = 'hortus';
export const TEMPORAL_NAMESPACE = 'hortus';
/** Below the stop bound, so that a program gives up by itself and says so before it is killed. */
const SHUTDOWN_TIMEOUT_MS = 10_000;

export function webFolder(checkout: string): string {
  return join(checkout, 'web', 'dist', 'web', 'browser');
}

export function publicUrl({ config, ports }: Pick<StartPlan, 'config' | 'ports'>): string {
  return config.publicUrl ?? `http://localhost:${String(ports.api)}`;
}

export function temporalAddress(ports: Ports): string {
  return `127.0.0.1:${String(ports.temporal)}`;
}

export function temporalUiUrl(ports: Ports): string {
  return `http://localhost:${String(ports.temporalUi)}`;
}

export function mailPageUrl(ports: Ports): string {
  return `http://localhost:${String(ports.mailPage)}`;
}

/** The address by which a program on this machine reaches what listens on `host`. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

export function apiUrl({ config, ports }: Pick<StartPlan, 'config' | 'ports'>): string {
  return `http://${reachableHost(config.host)}:${String(ports.api)}`;
}

/** The superuser's address of a database. */
export function ownerUrl({ ports, secrets }: StartPlan, database: string): string {
  return postgresUrl({ port: ports.postgres, user: 'postgres', password: secrets.postgresPassword, database });
}

export function migrateEnv(plan: StartPlan): NodeJS.ProcessEnv {
  return {
    ...plan.config.machineEnv,
    ...plan.config.passedOn.migrate,
    HORTUS_DATABASE_OWNER_URL: ownerUrl(plan, DATABASE),
    HORTUS_API_DATABASE_PASSWORD: plan.secrets.apiDatabasePassword,
  };
}

/** Libuv's default. */
const THREAD_POOL_MIN = 4;

/** What makes Node itself faster: compiled code is kept between starts, and every core can decode a picture. */
function nodeEnv({ config }: StartPlan): NodeJS.ProcessEnv {
  return {
    NODE_COMPILE_CACHE: dataFolder(config.home).compileCache,
    UV_THREADPOOL_SIZE: String(Math.max(THREAD_POOL_MIN, availableParallelism())),
  };
}

/** The data folder keeps objects unless a bucket does, whose variables are passed on. */
function objectsEnv({ config }: StartPlan): NodeJS.ProcessEnv {
  const hasBucket = config.passedOn.api['HORTUS_S3_BUCKET'] !== undefined;
  return hasBucket ? {} : { HORTUS_OBJECTS_FOLDER: dataFolder(config.home).objects };
}

export function apiEnv(plan: StartPlan): NodeJS.ProcessEnv {
  const { config, ports, secrets } = plan;
  return {
    ...config.machineEnv,
    ...nodeEnv(plan),
    ...config.passedOn.api,
    HORTUS_HOST: config.host,
    HORTUS_PORT: String(ports.api),
    HORTUS_ADMIN_PORT: String(ports.apiAdmin),
    HORTUS_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
    HORTUS_PUBLIC_URL: publicUrl(plan),
    HORTUS_DATABASE_URL: postgresUrl({
      port: ports.postgres,
      user: 'hortus_api',
      password: secrets.apiDatabasePassword,
      database: DATABASE,
    }),
    HORTUS_SECRET_KEY: secrets.secretKey,
    HORTUS_SERVICE_KEY: secrets.serviceKey,
    HORTUS_TEMPORAL_ADDRESS: temporalAddress(ports),
    HORTUS_TEMPORAL_NAMESPACE: TEMPORAL_NAMESPACE,
    HORTUS_TEMPORAL_UI_URL: temporalUiUrl(ports),
    ...objectsEnv(plan),
    HORTUS_WEB_FOLDER: webFolder(config.checkout),
    HORTUS_SMTP_URL: config.smtpUrl ?? `smtp://127.0.0.1:${String(ports.mailSmtp)}`,
    HORTUS_DEMO_PASSWORD: config.demoPassword ?? secrets.demoPassword,
  };
}

export function workerEnv(plan: StartPlan): NodeJS.ProcessEnv {
  const { config, ports, secrets } = plan;
  return {
    ...config.machineEnv,
    ...nodeEnv(plan),
    ...config.passedOn.worker,
    HORTUS_ADMIN_PORT: String(ports.workerAdmin),
    HORTUS_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
    HORTUS_API_URL: apiUrl(plan),
    HORTUS_SERVICE_KEY: secrets.serviceKey,
    HORTUS_TEMPORAL_ADDRESS: temporalAddress(ports),
    HORTUS_TEMPORAL_NAMESPACE: TEMPORAL_NAMESPACE,
    ...objectsEnv(plan),
  };
}
