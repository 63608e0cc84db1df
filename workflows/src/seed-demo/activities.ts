import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DemoWorkspaceSlug, SeedDemoInput } from '@hortus/contracts/demo';
import {
  listDemoKeys,
  putDemo,
  putDemoArtifact,
  type DemoArtifact as HandedOver,
} from '@hortus/contracts/internal-api';
import { originalKey } from '@hortus/contracts/object-key';
import type { ObjectStore } from '@hortus/service/object-store';
import type { ApiClient } from '../api-client.ts';
import { ProcessPool } from '../child-process.ts';
import type { DemoArtifact } from './demo-artifact.ts';
import { DEMO_WORKSPACES } from './demo-artifacts.ts';
import type { Plate } from './herbarium/plates.ts';
import type { RenderedPlate } from './herbarium/render.ts';

export interface SeedDeps {
  readonly api: ApiClient;
  readonly objects: ObjectStore;
}

/** One artifact to make. */
export interface SeedStep {
  readonly workspaceId: string;
  readonly slug: DemoWorkspaceSlug;
  readonly key: string;
}

export interface SeedActivities {
  readonly prepareDemo: (input: SeedDemoInput) => Promise<{ missing: SeedStep[]; unchanged: number }>;
  readonly makeOriginal: (step: SeedStep) => Promise<HandedOver['original']>;
  readonly putArtifact: (step: SeedStep & { original: HandedOver['original'] }) => Promise<{ created: boolean }>;
}

const DRAW_PLATE = {
  program: new URL('./draw-plate.ts', import.meta.url),
  isLowPriority: true,
  requestsMax: 1,
} as const;
const HEARTBEAT_INTERVAL_MS = 4000;

function findArtifact({ slug, key }: SeedStep): DemoArtifact {
  const workspace = DEMO_WORKSPACES.find((one) => one.slug === slug);
  const artifact = workspace?.artifacts.find((one) => one.key === key);
  // A newer worker no longer has it: another attempt won't either.
  if (!artifact)
    throw ApplicationFailure.nonRetryable(`The demo has no artifact ${slug}/${key}`, 'DEMO_ARTIFACT_UNKNOWN');
  return artifact;
}

async function drawPlate(plate: Plate): Promise<Uint8Array> {
  const context = Context.current();
  const timer = setInterval(() => {
    context.heartbeat();
  }, HEARTBEAT_INTERVAL_MS);
  try {
    const answers = new ProcessPool(DRAW_PLATE).ask<RenderedPlate>({ plate }, context.cancellationSignal);
    for await (const { bytes } of answers) return bytes;
    throw new Error('the process that draws has given no picture');
  } finally {
    clearInterval(timer);
  }
}

async function bytesOf(artifact: DemoArtifact): Promise<{ bytes: Uint8Array; contentType: string }> {
  if ('plate' in artifact) return { bytes: await drawPlate(artifact.plate), contentType: 'image/jpeg' };
  if ('file' in artifact) return { bytes: Buffer.from(artifact.file.text), contentType: artifact.file.contentType };
  const { fileName, contentType } = artifact.photograph;
  return { bytes: await readFile(new URL(`./photographs/${fileName}`, import.meta.url)), contentType };
}

/** The steps of the seeding. Each may be repeated: bytes are kept by content, artifacts by key. */
export function createSeedActivities({ api, objects }: SeedDeps): SeedActivities {
  return {
    async prepareDemo({ besideOthers = false }) {
      const { workspaces } = await api.call(putDemo, { body: { besideOthers } });
      const missing: SeedStep[] = [];
      let unchanged = 0;
      for (const { id: workspaceId, slug } of workspaces) {
        const { keys } = await api.call(listDemoKeys, { params: { workspaceId } });
        for (const { key } of DEMO_WORKSPACES.find((one) => one.slug === slug)?.artifacts ?? []) {
          if (keys.includes(key)) unchanged += 1;
          else missing.push({ workspaceId, slug, key });
        }
      }
      return { missing, unchanged };
    },

    async makeOriginal(step) {
      const { bytes, contentType } = await bytesOf(findArtifact(step));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await objects.put(originalKey(step.workspaceId, sha256), bytes);
      return { contentType, sizeBytes: bytes.byteLength, sha256 };
    },

    putArtifact(step) {
      const { key, name, description, tags, metadata } = findArtifact(step);
      return api.call(putDemoArtifact, {
        params: { workspaceId: step.workspaceId },
        body: { key, artifact: { name, description, tags: [...tags], metadata }, original: step.original },
      });
    },
  };
}
