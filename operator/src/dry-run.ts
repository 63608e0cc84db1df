import { planDeclaration } from '@hortus/contracts/workspace-resource-api';
import type { Logger } from '@hortus/service/logger';
import type { ApiClient } from './api-client.ts';
import { differences } from './kube/apply.ts';
import type { KubeClient } from './kube/client.ts';
import { keyOf } from './kube/resource.ts';
import { startCache, type Cache } from './workspace/cache.ts';
import { NAMESPACE } from './workspace/kinds.ts';
import type { Plan } from './workspace/plan.ts';
import { planFor } from './workspace/reconcile.ts';
import { Registry } from './workspace/registry.ts';
import type { Settings } from './workspace/settings.ts';
import type { Child } from './workspace/steps/step.ts';
import { isPaused } from './workspace/workspace.ts';

export interface DryRunOptions {
  readonly client: KubeClient;
  readonly api: ApiClient;
  readonly settings: Settings;
  readonly logger: Logger;
  /** All when there are none. */
  readonly names: readonly string[];
}

const API_TIMEOUT_MS = 10_000;

/** What the operator would do, as text; nothing is written. */
export async function dryRun({ client, api, settings, logger, names }: DryRunOptions): Promise<string> {
  const cache = startCache({ client, settings, logger, touch: () => undefined });
  try {
    await cache.synced;
    const registry = new Registry(api);
    const parts: string[] = [];
    for (const name of names.length > 0 ? names : [...cache.names()].sort()) {
      const workspace = cache.workspace(name);
      if (workspace === undefined) {
        parts.push(`Workspace ${name}\n  ! there is none\n`);
        continue;
      }
      if (isPaused(workspace)) {
        parts.push(`Workspace ${name}\n  ! paused: nothing is done\n`);
        continue;
      }
      const planned = planFor({ cache, registry, settings }, workspace);
      const lines = [...describePlan(cache, planned), ...(await describeDeclaration(api, planned))];
      parts.push([`Workspace ${name}`, ...(lines.length > 0 ? lines : ['nothing to do'])].join('\n  ') + '\n');
    }
    return parts.length > 0 ? parts.join('\n') : 'There is no Workspace.\n';
  } finally {
    await cache.stop();
  }
}

/** Lines: `+` is made, `~` is changed, `-` is removed, `!` stands in the way. */
export function describePlan(cache: Pick<Cache, 'child' | 'namespace'>, planned: Plan): readonly string[] {
  const { rival, namespaceState, namespace } = planned;
  if (rival !== undefined) return [`! the Workspace ${rival}, which is older, declares the same`];
  if (namespaceState === 'taken') return [`! the namespace ${namespace} stands and is not of this workspace`];
  if (namespaceState === 'terminating') return [`! the namespace ${namespace} is being deleted`];
  const made = [planned.namespaceChild, ...planned.children].flatMap((child) => describeChild(cache, child));
  const gone = planned.obsolete.map(({ resource, object }) => `- ${resource.kind} ${keyOf(object.metadata)}`);
  return [...made, ...gone, ...planned.missingSources.map((source) => `! ${source} is not shared`)];
}

function describeChild(cache: Pick<Cache, 'child' | 'namespace'>, { resource, object }: Child): readonly string[] {
  const key = keyOf(object.metadata);
  const standing = resource.kind === NAMESPACE.kind ? cache.namespace(key) : cache.child(resource, key);
  if (standing === undefined) return [`+ ${resource.kind} ${key}`];
  const fields = differences(object, standing);
  // A Secret's content is nobody's business but its own.
  return fields.length === 0 ? [] : [`~ ${resource.kind} ${key}: ${fields.join(', ')}`];
}

async function describeDeclaration(api: ApiClient, { workspaceId, declaration }: Plan): Promise<readonly string[]> {
  const input = { params: { workspaceId }, body: declaration };
  try {
    const { isNew, changes } = await api.call(planDeclaration, input, AbortSignal.timeout(API_TIMEOUT_MS));
    const lines = changes.map(
      ({ field, from, to }) => `~ Hortus ${field}: ${from ?? '(nothing)'} → ${to ?? '(nothing)'}`,
    );
    return isNew ? [`+ Hortus workspace ${declaration.slug} (${workspaceId})`, ...lines] : lines;
  } catch (error) {
    return [`! Hortus: ${error instanceof Error ? error.message : String(error)}`];
  }
}
