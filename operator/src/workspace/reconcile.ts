import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import type { Outcome } from '../kube/controller.ts';
import { applyChild, isFinal, toError, type ChildResult, type Known } from './apply-child.ts';
import { finalize } from './finalize.ts';
import { DEPLOYMENT } from './kinds.ts';
import { childKey, plan, type Plan } from './plan.ts';
import { DEPENDANTS, type Dependant, type Reason } from './reasons.ts';
import { REGISTRY_RESYNC_MS, type Registration } from './registry.ts';
import { firstStatus, pausedStatus, statusOf, type Findings, type Repair, type Verdict } from './status.ts';
import { GARDENER_NAME, gardenerReplicas, readyReplicasOf, taskQueueOf } from './steps/gardener.ts';
import type { Child } from './steps/step.ts';
import type { Tools } from './tools.ts';
import {
  WORKSPACE,
  findRival,
  hasFinalizer,
  isPaused,
  namespaceNameOf,
  workspaceIdOf,
  type Workspace,
} from './workspace.ts';
import { tellOf, writeStatus } from './write-status.ts';

/*
 * One pass makes a workspace as it is declared, from whatever stands:
 *
 *     finalizer ─▶ status "Unknown" ─▶ namespace ─▶ children and Hortus ─▶ gardener ─▶ what is obsolete goes ─▶ status
 *
 * Invariants: nothing is decided by what an earlier pass remembers, so that one which died anywhere is repeated as a whole;
 * nothing is written where nothing differs; Ready is said only of what the API server and Hortus have confirmed.
 */

/** What was refused may be allowed later, by a change of which nobody tells us. */
const REFUSED_AGAIN_MS = 60_000;

export interface Reconciler {
  reconcile(name: string, signal: AbortSignal): Promise<Outcome>;
}

interface Pass {
  readonly workspace: Workspace;
  readonly planned: Plan;
  readonly known: Known;
  readonly signal: AbortSignal;
}

export function createReconciler(tools: Tools): Reconciler {
  const knownOf = new Map<string, Known>();
  return {
    reconcile: async (name, signal) => {
      const workspace = tools.cache.workspace(name);
      if (workspace === undefined) {
        knownOf.delete(name);
        return {};
      }
      if (isPaused(workspace)) {
        await writeStatus(tools, workspace, pausedStatus(workspace, tools.now()), signal);
        return {};
      }
      if (workspace.metadata.deletionTimestamp !== undefined) return finalize(tools, workspace, signal);
      const known = knownOf.get(name) ?? new Set<string>();
      knownOf.set(name, known);
      return reconcileWorkspace(tools, await begin(tools, workspace, signal), known, signal);
    },
  };
}

/** A finalizer before anything is made, and a status that says that nothing is known yet. */
async function begin(tools: Tools, workspace: Workspace, signal: AbortSignal): Promise<Workspace> {
  let begun = workspace;
  if (!hasFinalizer(workspace)) {
    const { finalizers = [], resourceVersion } = workspace.metadata;
    const patch = { metadata: { finalizers: [...finalizers, WORKSPACE_NAMES.finalizer], resourceVersion } };
    const { fieldManager } = WORKSPACE_NAMES;
    begun = await tools.client.merge<Workspace>(WORKSPACE, workspace.metadata, patch, { fieldManager, signal });
    tools.cache.note(WORKSPACE, begun);
  }
  if (begun.status?.conditions !== undefined) return begun;
  const known = { workspaceId: workspaceIdOf(begun), namespace: namespaceNameOf(begun) };
  return writeStatus(tools, begun, firstStatus(begun, known, tools.now()), signal);
}

export function planFor(
  { cache, registry, settings }: Pick<Tools, 'cache' | 'registry' | 'settings'>,
  workspace: Workspace,
): Plan {
  const { name } = workspace.metadata;
  const observed = {
    namespace: cache.namespace(namespaceNameOf(workspace)),
    rival: findRival(workspace, cache.rivals(workspace)),
    labelled: cache.labelled(name),
    members: registry.recall(workspaceIdOf(workspace))?.members,
    manager: cache.managerOf(name),
    findSource: cache.source,
  };
  return plan(workspace, observed, settings);
}

async function reconcileWorkspace(
  tools: Tools,
  workspace: Workspace,
  known: Known,
  signal: AbortSignal,
): Promise<Outcome> {
  const planned = planFor(tools, workspace);
  const pass: Pass = { workspace, planned, known, signal };
  const { results, registration } = await makeAll(tools, pass);
  const findings = gather(tools, pass, results, registration);
  const repairs = results.flatMap(({ repair }) => repair ?? []);
  const result = {
    workspaceId: planned.workspaceId,
    namespace: planned.namespace,
    findings,
    counts: { members: 0, invited: 0, ...registration?.counts, children: planned.children.length + 1 },
    gardener: {
      mode: workspace.spec.gardener?.mode ?? 'shared',
      taskQueue: taskQueueOf({ workspace, workspaceId: planned.workspaceId }),
      replicas: gardenerReplicas(workspace),
      readyReplicas: readyReplicasOf(tools.cache.child(DEPLOYMENT, `${planned.namespace}/${GARDENER_NAME}`)),
    },
    repairs,
  };
  await writeStatus(tools, workspace, statusOf(workspace, result, tools.now()), signal);
  tellOfRepairs(tools, workspace, repairs);
  const failure = [...results, registration].find((one) => one?.error !== undefined)?.error;
  if (failure !== undefined) throw failure;
  const isRefused = Object.values(findings).some(({ reason }) => WAITS_FOR_OTHERS.includes(reason));
  const againMs = results.flatMap((one) => one.againMs ?? []);
  return { requeueAfterMs: Math.min(isRefused ? REFUSED_AGAIN_MS : REGISTRY_RESYNC_MS, ...againMs) };
}

const WAITS_FOR_OTHERS: readonly Reason[] = [
  'Refused',
  'SlugInUse',
  'SlugReserved',
  'DeclaredElsewhere',
  'DeclarationRefused',
];

type NamedResult = ChildResult & { readonly dependant: Dependant };

async function makeAll(
  tools: Tools,
  pass: Pass,
): Promise<{ results: readonly NamedResult[]; registration: Registration | undefined }> {
  const { workspace, planned, known, signal } = pass;
  const apply = async (child: Child): Promise<NamedResult> => ({
    dependant: child.dependant,
    ...(await applyChild(tools, child, pass, signal)),
  });
  const refused = refusalOf(planned);
  if (refused !== undefined) return { results: [refused], registration: undefined };
  const namespace = await apply(planned.namespaceChild);
  if (namespace.verdict.state !== 'stands') return { results: [namespace], registration: undefined };
  if (planned.namespaceState === 'adoptable') {
    tellOf(tools, workspace, 'Adopted', `The namespace ${planned.namespace} was taken over, as both sides agreed.`);
  }
  const registering = tools.registry.ensure(planned.workspaceId, workspace, planned.declaration, signal);
  // Who has access follows from what Hortus says, where the resource does not.
  if (workspace.spec.members === undefined) await registering.catch(() => undefined);
  const { children, obsolete } = workspace.spec.members === undefined ? planFor(tools, workspace) : planned;
  const [registration, ...results] = await Promise.all([
    registering,
    ...children.filter(({ dependant }) => dependant !== 'GardenerReady').map(apply),
    ...obsolete.map((one) => prune(tools, pass, one)),
  ]);
  // Its walls stand before a gardener runs.
  const gardeners = await Promise.all(children.filter(({ dependant }) => dependant === 'GardenerReady').map(apply));
  for (const { resource, object } of obsolete) known.delete(childKey(resource, object));
  return { results: [namespace, ...results, ...gardeners], registration };
}

/** Why nothing can be begun. */
function refusalOf({ rival, namespaceState, namespace }: Plan): NamedResult | undefined {
  const refuse = (dependant: Dependant, state: Verdict['state'], reason: Reason, message: string): NamedResult => ({
    dependant,
    verdict: { state, reason, message },
  });
  if (rival !== undefined) {
    return refuse(
      'WorkspaceRegistered',
      'stalled',
      'DeclaredElsewhere',
      `The Workspace ${rival}, which is older, declares the same slug, workspaceId or namespace. Delete one of the two, or change spec.slug.`,
    );
  }
  if (namespaceState === 'taken') {
    return refuse(
      'NamespaceReady',
      'stalled',
      'NamespaceTaken',
      `The namespace ${namespace} stands and is not of this workspace. Choose another by spec.namespace.name, or set ` +
        `spec.namespace.adopt to WithConsent and annotate the namespace with ${WORKSPACE_NAMES.adoptAnnotation}.`,
    );
  }
  if (namespaceState === 'terminating') {
    return refuse(
      'NamespaceReady',
      'waiting',
      'NamespaceTerminating',
      `The namespace ${namespace} is being deleted; it is made anew once it is gone.`,
    );
  }
  return undefined;
}

async function prune(
  tools: Tools,
  { workspace, signal }: Pass,
  { resource, object }: Plan['obsolete'][number],
): Promise<NamedResult> {
  const { name, uid } = object.metadata;
  // Of the dependants any would do; this one is of the namespace as a whole.
  const dependant: Dependant = 'NamespaceReady';
  try {
    await tools.client.delete(resource, object.metadata, { ...(uid === undefined ? {} : { uid }), signal });
    tellOf(tools, workspace, 'Removed', `${resource.kind} ${name} is not declared any more.`);
    return { dependant, verdict: { state: 'stands', reason: 'Removed', message: '' } };
  } catch (error) {
    signal.throwIfAborted();
    const message = `${resource.kind} ${name}: ${error instanceof Error ? error.message : String(error)}`;
    const reason = isFinal(error) ? 'Refused' : 'ClusterUnavailable';
    return { dependant, verdict: { state: 'waiting', reason, message }, error: toError(error) };
  }
}

/** One verdict for each dependant: the worst of what was found. */
function gather(
  tools: Tools,
  { workspace, planned }: Pass,
  results: readonly NamedResult[],
  registration: Registration | undefined,
): Findings {
  const hasNamespace = results.some(
    ({ dependant, verdict }) => dependant === 'NamespaceReady' && verdict.state === 'stands',
  );
  const waits: Verdict = { state: 'waiting', reason: 'Waiting', message: 'It waits for what comes before it.' };
  const none: Verdict = { state: 'stands', reason: 'NotDeclared', message: 'Nothing of the kind is declared.' };
  const verdictOf = (dependant: Dependant): Verdict => {
    const verdicts = results.filter((one) => one.dependant === dependant).map(({ verdict }) => verdict);
    const worst =
      verdicts.find(({ state }) => state === 'stalled') ?? verdicts.find(({ state }) => state === 'waiting');
    if (worst !== undefined) return worst;
    if (!hasNamespace) return waits;
    if (dependant === 'WorkspaceRegistered') return registration?.verdict ?? waits;
    if (dependant === 'AccessGranted' && (workspace.spec.members ?? registration?.members) === undefined) return waits;
    if (dependant === 'CopiesReady' && planned.missingSources.length > 0) return missing(tools, planned);
    if (dependant === 'GardenerReady') return gardenerVerdict(tools, workspace, planned);
    return verdicts[0] ?? none;
  };
  return Object.fromEntries(DEPENDANTS.map((dependant) => [dependant, verdictOf(dependant)])) as Findings;
}

function missing({ settings }: Tools, { missingSources }: Plan): Verdict {
  const message =
    `Not in the namespace ${settings.sharedNamespace}, or without the label ${WORKSPACE_NAMES.sharedLabel}: "true": ` +
    `${missingSources.join(', ')}. Put it there, or take it out of spec.copies.`;
  return { state: 'stalled', reason: 'SourceMissing', message };
}

function gardenerVerdict({ cache, settings }: Tools, workspace: Workspace, { namespace }: Plan): Verdict {
  if (workspace.spec.gardener?.mode !== 'dedicated')
    return { state: 'stands', reason: 'Shared', message: 'The gardener of all workspaces works for it.' };
  if (settings.gardenerImage === undefined) {
    const message =
      'The operator has no image for gardeners: set HORTUS_GARDENER_IMAGE, or spec.gardener.mode to shared.';
    return { state: 'stalled', reason: 'GardenerNotConfigured', message };
  }
  const wanted = gardenerReplicas(workspace);
  const ready = readyReplicasOf(cache.child(DEPLOYMENT, `${namespace}/${GARDENER_NAME}`));
  if (wanted === 0 && ready === 0) return { state: 'stands', reason: 'Suspended', message: 'The gardener rests.' };
  const message = `${String(ready)} of ${String(wanted)} pods of the gardener are ready.`;
  if (ready >= wanted && wanted > 0) return { state: 'stands', reason: 'Applied', message };
  return { state: 'waiting', reason: 'GardenerUnavailable', message };
}

function tellOfRepairs(tools: Tools, workspace: Workspace, repairs: readonly Repair[]): void {
  for (const { kind, name, fields, manager } of repairs) {
    const what = fields.length === 0 ? 'was deleted' : `was changed (${fields.join(', ')})`;
    const by = manager === '' ? '' : ` by ${manager}`;
    tellOf(tools, workspace, 'Repaired', `${kind} ${name} ${what}${by} and was put right.`);
  }
}
