import { CONFIG_MAP, SECRET, type Manifest } from '../kinds.ts';
import { GARDENER_NAME } from './gardener.ts';
import { labelsOf, type Child, type CopyKind, type StepInput } from './step.ts';

/** The API server makes these Secrets itself, or holds them for itself. */
const SECRET_TYPES_KEPT = ['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token'];

export interface Copies {
  readonly children: readonly Child[];
  /** What can't be copied, as `Secret name`. */
  readonly missing: readonly string[];
}

export function copies(input: StepInput): Copies {
  const { workspace, findSource } = input;
  const asked = [...(workspace.spec.copies ?? [])];
  // What a gardener of its own needs to reach Hortus is shared with it in the same way; its Secret may be absent.
  const isDedicated = workspace.spec.gardener?.mode === 'dedicated';
  const implied = isDedicated ? (['ConfigMap', 'Secret'] as const).map((kind) => ({ kind, name: GARDENER_NAME })) : [];
  const children: Child[] = [];
  const missing: string[] = [];
  for (const { kind, name } of asked) {
    const child = copyOf(input, kind, findSource(kind, name));
    if (child === undefined) missing.push(`${kind} ${name}`);
    else children.push(child);
  }
  for (const { kind, name } of implied) {
    if (asked.some((one) => one.kind === kind && one.name === name)) continue;
    const child = copyOf(input, kind, findSource(kind, name));
    if (child !== undefined) children.push(child);
  }
  return { children, missing };
}

function copyOf(input: StepInput, kind: CopyKind, source: Manifest | undefined): Child | undefined {
  if (source === undefined || SECRET_TYPES_KEPT.includes(String(source['type']))) return undefined;
  const { data, binaryData, type } = source as { data?: object; binaryData?: object; type?: string };
  const metadata = {
    name: source.metadata.name,
    namespace: input.namespace,
    labels: labelsOf(input, 'copy'),
  };
  const content = {
    ...(data === undefined ? {} : { data }),
    ...(binaryData === undefined ? {} : { binaryData }),
    ...(kind === 'Secret' && type !== undefined ? { type } : {}),
  };
  const resource = kind === 'Secret' ? SECRET : CONFIG_MAP;
  return { dependant: 'CopiesReady', resource, object: { metadata, ...content } };
}
