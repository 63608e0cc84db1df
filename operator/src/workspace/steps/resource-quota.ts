import { RESOURCE_QUOTA } from '../kinds.ts';
import { canonicalQuantity } from '../quantity.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

export function resourceQuotas(input: StepInput): readonly Child[] {
  const { cpu, memory, volumes, pods } = input.workspace.spec.quota ?? {};
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['requests.cpu', cpu],
    ['limits.cpu', cpu],
    ['requests.memory', memory],
    ['limits.memory', memory],
    ['requests.storage', volumes],
    ['pods', pods],
  ];
  const hard = Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, canonicalQuantity(value)]])),
  );
  if (Object.keys(hard).length === 0) return [];
  const metadata = { name: 'hortus-workspace', namespace: input.namespace, labels: labelsOf(input, 'quota') };
  return [{ dependant: 'QuotaApplied', resource: RESOURCE_QUOTA, object: { metadata, spec: { hard } } }];
}
