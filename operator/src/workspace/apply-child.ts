import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import { differences, hashOf } from '../kube/apply.ts';
import { conditionOf } from '../kube/conditions.ts';
import { KubeError } from '../kube/kube-error.ts';
import { keyOf, type KubeObject } from '../kube/resource.ts';
import { NAMESPACE, type Manifest } from './kinds.ts';
import { childKey } from './plan.ts';
import type { Repair, Verdict } from './status.ts';
import type { Child } from './steps/step.ts';
import type { Tools } from './tools.ts';
import type { Workspace } from './workspace.ts';

const { fieldManager, hashAnnotation } = WORKSPACE_NAMES;

export interface ChildResult {
  readonly verdict: Verdict;
  readonly repair?: Repair;
  /** When to look again, where nobody tells of it. */
  readonly againMs?: number;
  /** What may go better when it is tried again soon. */
  readonly error?: Error;
}

const STANDS: ChildResult = { verdict: { state: 'stands', reason: 'Applied', message: 'It stands as declared.' } };

/** Keys of children that this process has seen standing, by workspace: one that is missing then was taken away. */
export type Known = Set<string>;

/** Makes one child as declared; what somebody else has changed is put right, unless they never stop changing it. */
export async function applyChild(
  tools: Tools,
  child: Child,
  { workspace, known }: { readonly workspace: Workspace; readonly known: Known },
  signal: AbortSignal,
): Promise<ChildResult> {
  const { cache, applier, fights } = tools;
  const { resource, object } = child;
  const key = childKey(resource, object);
  try {
    const standing = find(tools, child);
    const drift = await findDrift(tools, child, standing, known.has(key) || stoodBefore(workspace, child));
    if (drift !== undefined) {
      const againMs = fights.pauseMs(key);
      if (againMs > 0) return { ...contested(drift), againMs };
      fights.strike(key);
    }
    const isReplaced = standing !== undefined && (await removeWhereFixed(tools, child, standing, signal));
    const applied = await applier.apply(resource, object, isReplaced ? undefined : standing, { force: true, signal });
    if (applied.did !== 'nothing') cache.note(resource, applied.object);
    known.add(key);
    return drift === undefined ? STANDS : { ...STANDS, repair: drift };
  } catch (error) {
    signal.throwIfAborted();
    return { verdict: verdictOf(child, error), ...(isFinal(error) ? {} : { error: toError(error) }) };
  }
}

function find({ cache }: Tools, { resource, object }: Child): Manifest | undefined {
  if (resource.kind === NAMESPACE.kind) return cache.namespace(object.metadata.name) as Manifest | undefined;
  return cache.child(resource, keyOf(object.metadata));
}

/** Whether the status says of this very spec that it stood; not of what comes and goes without a change of the spec. */
function stoodBefore({ metadata, status }: Workspace, { dependant }: Child): boolean {
  if (dependant === 'AccessGranted' || dependant === 'CopiesReady') return false;
  const said = conditionOf(status?.conditions, dependant);
  return said?.status === 'True' && said.observedGeneration === metadata.generation;
}

async function findDrift(
  { client }: Tools,
  { resource, object }: Child,
  standing: Manifest | undefined,
  hasStood: boolean,
): Promise<Repair | undefined> {
  const { name } = object.metadata;
  if (standing === undefined) return hasStood ? { kind: resource.kind, name, fields: [], manager: '' } : undefined;
  if (standing.metadata.annotations?.[hashAnnotation] !== hashOf(object)) return undefined;
  const fields = differences(object, standing);
  if (fields.length === 0) return undefined;
  // The only read of a pass: who it was stands in what the cache leaves out.
  const full = await client.get(resource, object.metadata);
  return { kind: resource.kind, name, fields, manager: changedBy(full) };
}

function changedBy(object: KubeObject | undefined): string {
  const others = (object?.metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== fieldManager && subresource === undefined,
  );
  return others.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0]?.manager ?? '';
}

/** What a binding is to, and what a Deployment selects, can't be changed: another one has to take its place. */
async function removeWhereFixed(
  { client }: Tools,
  { resource, object }: Child,
  standing: Manifest,
  signal: AbortSignal,
): Promise<boolean> {
  const fixed = resource.kind === 'RoleBinding' ? 'roleRef' : resource.kind === 'Secret' ? 'type' : undefined;
  if (fixed === undefined || object[fixed] === undefined) return false;
  if (differences(object[fixed], standing[fixed]).length === 0) return false;
  const { uid } = standing.metadata;
  await client.delete(resource, object.metadata, { ...(uid === undefined ? {} : { uid }), signal });
  return true;
}

function contested({ kind, name, fields, manager }: Repair): ChildResult {
  const who = manager === '' ? 'Somebody' : `The field manager "${manager}"`;
  const what = fields.length === 0 ? 'deletes it' : `changes ${fields.join(', ')}`;
  const message = `${kind} ${name}: ${who} ${what} again and again. It is put right seldom until that ends.`;
  return { verdict: { state: 'waiting', reason: 'Contested', message } };
}

export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Refused for what it is, and not for the moment. */
export function isFinal(error: unknown): boolean {
  return error instanceof KubeError && [400, 403, 413, 422].includes(error.code) && !isTerminating(error);
}

function isTerminating({ status }: KubeError): boolean {
  return (status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}

function verdictOf({ resource, object }: Child, error: unknown): Verdict {
  const message = `${resource.kind} ${object.metadata.name}: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof KubeError && isTerminating(error))
    return { state: 'waiting', reason: 'NamespaceTerminating', message };
  if (isFinal(error)) return { state: 'stalled', reason: 'Refused', message };
  return { state: 'waiting', reason: 'ClusterUnavailable', message };
}
