/** The whole worker against a real Temporal and a stand-in api: for tests, and for recording histories. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import {
  DEFAULT_PRESET,
  PRIORITIES,
  TASK_QUEUES,
  WORKFLOWS,
  gardenWorkflowId,
  type GardenPreset,
} from '@hortus/contracts/gardener';
import { originalKey } from '@hortus/contracts/object-key';
import { removalWorkflowId } from '@hortus/contracts/removal';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { FolderObjectStore } from '@hortus/service/folder-object-store';
import type { ObjectStore } from '@hortus/service/object-store';
import { createActivities } from './activities.ts';
import { createApiClient } from './api-client.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import type { gardenArtifact } from './garden-artifact/workflow.ts';
import { createPictureProcesses } from './garden-artifact/picture-processes.ts';
import { createGardenMetrics } from './metrics.ts';
import type { purgeTrash } from './purge-trash/workflow.ts';
import type { removeWorkspace } from './remove-workspace/workflow.ts';
import type { seedDemo } from './seed-demo/workflow.ts';
import { StandInApi } from './stand-in-api.ts';
import { createWorkers } from './workers.ts';

export interface Picture {
  readonly artifactId: string;
  readonly run: WorkflowHandleWithFirstExecutionRunId<typeof gardenArtifact>;
}

export interface TestGarden {
  readonly api: StandInApi;
  readonly objects: FolderObjectStore;
  readonly client: Client;
  readonly workspaceId: string;
  /** Stores the bytes and starts the gardener, as the api does. */
  plant(bytes: Uint8Array, preset?: Partial<GardenPreset>, workspaceId?: string): Promise<Picture>;
  seed(workflowId: string): Promise<WorkflowHandleWithFirstExecutionRunId<typeof seedDemo>>;
  purge(workflowId: string): Promise<WorkflowHandleWithFirstExecutionRunId<typeof purgeTrash>>;
  /** Starts the removal of the workspace, as the api does. */
  removeWorkspace(workspaceId: string): Promise<WorkflowHandleWithFirstExecutionRunId<typeof removeWorkspace>>;
  /** The bodies of what was recorded for the picture, in the order of their coming. */
  recorded<Body>(picture: Picture, end: 'inspection' | 'variants' | 'outcome'): Body[];
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

const IDENTITY = 'worker';

/** Without a search for the quality, unless a test asks for it: AVIF takes most of the time as it is. */
const PRESET: GardenPreset = { ...DEFAULT_PRESET, targetScore: null };

/** A namespace of its own, so that nobody else's worker takes its steps; waits until all of Temporal knows it. */
async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      const client = new Client({ connection, namespace });
      await client.workflow.start('warmUp', { taskQueue: 'none', workflowId: randomUUID(), workflowRunTimeout: '1s' });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`Temporal does not know the namespace ${namespace} after 30 s`);
}

/** @param own an api and its object store, where the worker is not to have the stand-in and a folder of its own */
export async function openTestGarden(
  temporalAddress: string,
  own?: { apiUrl?: string; serviceKey?: string; objects?: ObjectStore },
): Promise<TestGarden> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    shutdownSignals: [],
  });
  const pictures = createPictureProcesses();
  const folder = await mkdtemp(join(tmpdir(), 'hortus-garden-'));
  const objects = new FolderObjectStore(folder);
  await objects.prepare();
  const api = new StandInApi();
  const apiUrl = await api.listen();
  const namespace = `hortus-test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address: temporalAddress });
  await makeNamespace(connection, namespace);
  const client = new Client({ connection, namespace, identity: IDENTITY });
  await ensureSearchAttributes(client);
  const native = await NativeConnection.connect({ address: temporalAddress });
  const workspaceId = randomUUID();
  const activities = createActivities({
    api: createApiClient({ url: own?.apiUrl ?? apiUrl, serviceKey: own?.serviceKey ?? 'key-of-the-test' }),
    objects: own?.objects ?? objects,
    temporal: client,
    metrics: createGardenMetrics(createMetricsRegistry()),
    pictures,
    maxPixels: 100_000_000,
    preset: PRESET,
  });
  let stop: () => Promise<void> = () => Promise.resolve();

  const garden: TestGarden = {
    api,
    objects,
    client,
    workspaceId,
    async plant(bytes, asked = {}, ownerId = workspaceId) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await objects.put(originalKey(ownerId, sha256), bytes);
      const artifactId = randomUUID();
      const input = {
        workspaceId: ownerId,
        artifactId,
        version: 1,
        original: { sha256, sizeBytes: bytes.byteLength },
        priorityKey: PRIORITIES.upload,
        preset: { ...PRESET, ...asked },
      };
      const run = await client.workflow.start<typeof gardenArtifact>(WORKFLOWS.gardenArtifact, {
        taskQueue: TASK_QUEUES.io,
        workflowId: gardenWorkflowId(input),
        args: [input],
        priority: { priorityKey: input.priorityKey, fairnessKey: ownerId },
      });
      return { artifactId, run };
    },
    seed: (workflowId) =>
      client.workflow.start<typeof seedDemo>(WORKFLOWS.seedDemo, {
        taskQueue: TASK_QUEUES.io,
        workflowId,
        args: [{}],
      }),
    purge: (workflowId) =>
      client.workflow.start<typeof purgeTrash>(WORKFLOWS.purgeTrash, {
        taskQueue: TASK_QUEUES.io,
        workflowId,
        args: [{ after: null, purged: { artifacts: 0, objects: 0 } }],
      }),
    removeWorkspace: (id) =>
      client.workflow.start<typeof removeWorkspace>(WORKFLOWS.removeWorkspace, {
        taskQueue: TASK_QUEUES.io,
        workflowId: removalWorkflowId(id),
        args: [{ workspaceId: id }],
      }),
    recorded<Body>({ artifactId }: Picture, end: string) {
      return api.bodies<Body>(`/${artifactId}/versions/1/${end}`);
    },
    async startWorkers() {
      const options = { connection: native, namespace, webpSlots: 2, avifSlots: 2, identity: IDENTITY };
      const workers = await createWorkers(options, activities);
      const runs = Promise.all(workers.map((worker) => worker.run()));
      stop = async () => {
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
        await runs;
      };
    },
    stopWorkers: () => stop(),
    async close() {
      await stop();
      pictures[Symbol.dispose]();
      await native.close();
      await connection.close();
      await api.close();
      await rm(folder, { recursive: true });
    },
  };
  return garden;
}
