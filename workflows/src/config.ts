import { availableParallelism } from 'node:os';
import { DEFAULT_PRESET, type GardenPreset } from '@hortus/contracts/gardener';
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
  HORTUS_PICTURE_TARGET_SCORE: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 70,
    description:
      'How alike to its original each variant is to be, by SSIMULACRA 2.1: 90 can not be told apart, 70 is high quality, ' +
      '50 medium; the quality is searched for. 0: the fixed quality of each format, without a search; default 70',
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

export interface WorkerConfig extends Omit<Config<typeof WorkerVariables>, 'cpuSlots' | 'pictureTargetScore'> {
  /** What is made of a picture where nothing else is asked for. */
  readonly preset: GardenPreset;
  /** Pictures of which WebP is made at the same time, each in a process of its own. */
  readonly webpSlots: number;
  /** Pictures of which AVIF is made at the same time, each in a process of its own. */
  readonly avifSlots: number;
}

export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const { cpuSlots, pictureTargetScore, ...config } = readConfig(WorkerVariables, env, 'workflows/README.md');
  const slots = cpuSlots ?? availableParallelism();
  const preset = { ...DEFAULT_PRESET, targetScore: pictureTargetScore === 0 ? null : pictureTargetScore };
  return { ...config, preset, webpSlots: slots, avifSlots: slots };
}
