import { availableParallelism } from 'node:os';
import { Port, ServiceVariables, readConfig, type Config } from '@hortus/service/config';
import { ObjectStoreVariables } from '@hortus/service/object-store-config';
import { Type } from 'typebox';

/** The variables of the worker. */
export const WorkerVariables = Type.Object({
  ...ServiceVariables,
  HORTUS_ADMIN_PORT: Port(9081, 'Port of /livez, /readyz and /metrics'),
  HORTUS_API_URL: Type.String({
    pattern: '^https?://[^/]+$',
    default: 'http://127.0.0.1:8080',
    description: 'Where the api is, without a path; default http://127.0.0.1:8080',
  }),
  HORTUS_SERVICE_KEY: Type.String({
    minLength: 32,
    description: 'The key by which the worker proves to the api that it is one of its own programs',
  }),
  HORTUS_TEMPORAL_ADDRESS: Type.String({
    default: '127.0.0.1:7233',
    description: 'Host and port of Temporal; default 127.0.0.1:7233',
  }),
  HORTUS_TEMPORAL_NAMESPACE: Type.String({ default: 'hortus', description: 'Namespace in Temporal; default hortus' }),
  ...ObjectStoreVariables,
  HORTUS_PICTURE_MAX_PIXELS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    default: 100_000_000,
    description: 'Pixels that one picture may have, all frames together; default 100000000, about 400 MB decoded',
  }),
  UV_THREADPOOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 1024,
    default: 4,
    description:
      'Threads that Node gives to native code, read by Node itself when it starts; WebP is encoded on them, so a machine ' +
      'with more cores needs as many; default 4',
  }),
  HORTUS_CPU_SLOTS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 256,
      description:
        'Pictures that are worked on at the same time, for WebP and for AVIF each; default: as many as cores',
    }),
  ),
});

export interface WorkerConfig extends Omit<Config<typeof WorkerVariables>, 'cpuSlots'> {
  /** Pictures of which WebP is made at the same time; never more than threads that make it. */
  readonly webpSlots: number;
  /** Pictures of which AVIF is made at the same time, each in a process of its own. */
  readonly avifSlots: number;
}

export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const { cpuSlots, ...config } = readConfig(WorkerVariables, env, 'workflows/README.md');
  const slots = cpuSlots ?? availableParallelism();
  return { ...config, webpSlots: Math.min(slots, config.uvThreadpoolSize), avifSlots: slots };
}
