import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import { releaseDeclaration, requestRemoval } from '@hortus/contracts/workspace-resource-api';
import { ApiError } from '../api-client.ts';
import type { Outcome } from '../kube/controller.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { DEPLOYMENT, NAMESPACE } from './kinds.ts';
import { deletingStatus } from './status.ts';
import { GARDENER_NAME } from './steps/gardener.ts';
import { ADOPTED_ANNOTATION, isAdopted, judgeNamespace } from './steps/namespace.ts';
import type { Tools } from './tools.ts';
import { WORKSPACE, hasFinalizer, namespaceNameOf, workspaceIdOf, type Workspace } from './workspace.ts';
import { tellOf, writeStatus } from './write-status.ts';

/*
 * The way out, one step after the other; a pass goes as far as it can and says where it waits:
 *
 *     gardener ends ─▶ Hortus lets go, or removes ─▶ namespace goes (one that was adopted is left) ─▶ finalizer goes
 *
 * Invariants: what is not ours is never touched; each step may be repeated; the finalizer goes last.
 */

interface Step {
  /** As the message begins: "Waiting for …". */
  readonly name: string;
  /** @returns undefined when it is done, else what it waits for */
  readonly run: (tools: Tools, workspace: Workspace, signal: AbortSignal) => Promise<string | undefined>;
}

/** Longer than this a step that waits is called blocked. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 2_000;

const STEPS: readonly Step[] = [
  { name: 'the gardener', run: endGardener },
  { name: 'Hortus', run: leaveHortus },
  { name: 'the namespace', run: removeNamespace },
];

export async function finalize(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<Outcome> {
  if (!hasFinalizer(workspace)) return {};
  for (const { name, run } of STEPS) {
    try {
      const waitsFor = await run(tools, workspace, signal);
      if (waitsFor === undefined) continue;
      const step = { message: `Waiting for ${name}: ${waitsFor}`, isBlocked: isLate(tools, workspace) };
      await writeStatus(tools, workspace, deletingStatus(workspace, step, tools.now()), signal);
      return { requeueAfterMs: AGAIN_MS };
    } catch (error) {
      signal.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      const step = { message: `Waiting for ${name}: ${said}`, isBlocked: true };
      await writeStatus(tools, workspace, deletingStatus(workspace, step, tools.now()), signal);
      throw error;
    }
  }
  await removeFinalizer(tools, workspace, signal);
  tools.registry.forget(workspaceIdOf(workspace));
  return {};
}

function isLate({ now }: Tools, { metadata }: Workspace): boolean {
  return now().getTime() - Date.parse(metadata.deletionTimestamp ?? '') > PATIENCE_MS;
}

function ownNamespace({ cache }: Tools, workspace: Workspace) {
  const standing = cache.namespace(namespaceNameOf(workspace));
  const workspaceId = workspaceIdOf(workspace);
  const state = judgeNamespace({ workspace, workspaceId }, standing);
  const isOurs = state === 'ours' || state === 'terminating';
  return isOurs && standing !== undefined ? { standing, isTerminating: state === 'terminating' } : undefined;
}

/** No picture is begun that would have to be removed. */
async function endGardener(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<string | undefined> {
  const name = { namespace: namespaceNameOf(workspace), name: GARDENER_NAME };
  const standing = tools.cache.child(DEPLOYMENT, `${name.namespace}/${name.name}`);
  if (standing === undefined || ownNamespace(tools, workspace) === undefined) return undefined;
  if (standing.metadata.deletionTimestamp === undefined) {
    const { uid } = standing.metadata;
    const options = { propagation: 'Foreground' as const, signal, ...(uid === undefined ? {} : { uid }) };
    const wasThere = await tools.client.delete(DEPLOYMENT, name, options);
    if (!wasThere) return undefined;
  }
  return 'its pods end.';
}

async function leaveHortus(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<string | undefined> {
  const workspaceId = workspaceIdOf(workspace);
  if (tools.registry.hasLeft(workspaceId)) return undefined;
  const waitsFor = await askHortusToLetGo(tools, workspace, signal);
  if (waitsFor === undefined) tools.registry.leave(workspaceId);
  return waitsFor;
}

async function askHortusToLetGo(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<string | undefined> {
  const resource = workspace.metadata.name;
  const params = { workspaceId: workspaceIdOf(workspace) };
  try {
    if (workspace.spec.deletionPolicy !== 'Delete') {
      await tools.api.call(releaseDeclaration, { params, querystring: { resource } }, signal);
      return undefined;
    }
    const { isDone, receipt } = await tools.api.call(requestRemoval, { params, body: { resource } }, signal);
    if (!isDone) return 'the workspace is being removed.';
    if (receipt !== null) {
      tools.logger.info({ receipt }, 'a workspace was removed');
      const rows = Object.values(receipt.rows).reduce((sum, count) => sum + count, 0);
      const note = `The workspace ${receipt.slug} was removed: ${String(rows)} rows, ${String(receipt.objects)} objects, ${String(receipt.objectBytes)} bytes.`;
      tellOf(tools, workspace, 'Removed', note);
    }
    return undefined;
  } catch (error) {
    // It never was ours: another resource declares it, or an older workspace has the slug.
    if (error instanceof ApiError && !error.mayPass && NOT_OURS.includes(error.code)) return undefined;
    throw error;
  }
}

const NOT_OURS = ['WORKSPACE_DECLARED_ELSEWHERE', 'WORKSPACE_NOT_DECLARED', 'WORKSPACE_NOT_FOUND'];

async function removeNamespace(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<string | undefined> {
  const own = ownNamespace(tools, workspace);
  if (own === undefined) return undefined;
  const { name, uid } = own.standing.metadata;
  if (isAdopted(own.standing)) return leaveNamespace(tools, workspace, signal);
  if (!own.isTerminating) {
    const wasThere = await tools.client.delete(NAMESPACE, { name }, { ...(uid === undefined ? {} : { uid }), signal });
    if (!wasThere) return undefined;
    return `${name} is being deleted.`;
  }
  return isLate(tools, workspace) ? await describeNamespace(tools, name, signal) : `${name} is being deleted.`;
}

/** What was there before us stays, without what we have put into it and onto it. */
async function leaveNamespace(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<string | undefined> {
  const namespace = namespaceNameOf(workspace);
  const { client, cache } = tools;
  const own = cache
    .labelled(workspace.metadata.name)
    .filter(
      ({ object }) =>
        object.metadata.namespace === namespace &&
        object.metadata.annotations?.[WORKSPACE_NAMES.hashAnnotation] !== undefined,
    );
  const isGone = await Promise.all(
    own.map(({ resource, object }) => {
      const { uid } = object.metadata;
      return client.delete(resource, object.metadata, { ...(uid === undefined ? {} : { uid }), signal });
    }),
  );
  if (isGone.some(Boolean)) return `what was put into ${namespace} is being deleted.`;
  const bare = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const { fieldManager, hashAnnotation, adoptAnnotation } = WORKSPACE_NAMES;
  const left = await client.apply(NAMESPACE, bare, { fieldManager, force: true, signal });
  cache.note(NAMESPACE, left);
  const annotations = { [hashAnnotation]: null, [ADOPTED_ANNOTATION]: null, [adoptAnnotation]: null };
  const free = await client.merge(
    NAMESPACE,
    { name: namespace },
    { metadata: { annotations } },
    { fieldManager, signal },
  );
  cache.note(NAMESPACE, free);
  return undefined;
}

/** What holds a namespace up stands in its own conditions. */
async function describeNamespace({ client }: Tools, name: string, signal: AbortSignal): Promise<string> {
  interface Full {
    metadata: { name: string };
    status?: { conditions?: { status: string; message: string }[] };
  }
  const standing = await client.get<Full>(NAMESPACE, { name }, signal);
  const said = (standing?.status?.conditions ?? []).filter(({ status }) => status === 'True').map((one) => one.message);
  return `${name} does not go. ${said.join(' ')}`;
}

async function removeFinalizer({ client, cache }: Tools, workspace: Workspace, signal: AbortSignal): Promise<void> {
  const { finalizers = [], resourceVersion } = workspace.metadata;
  const left = finalizers.filter((one) => one !== WORKSPACE_NAMES.finalizer);
  const patch = {
    metadata: {
      finalizers: left,
      resourceVersion: cache.workspace(workspace.metadata.name)?.metadata.resourceVersion ?? resourceVersion,
    },
  };
  const { fieldManager } = WORKSPACE_NAMES;
  try {
    cache.note(
      WORKSPACE,
      await client.merge<Workspace>(WORKSPACE, workspace.metadata, patch, { fieldManager, signal }),
    );
  } catch (error) {
    if (!isKubeError(error, 404)) throw error;
  }
}
