import { LIMIT_RANGE } from '../kinds.ts';
import { canonicalQuantity } from '../quantity.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

/** Without it a quota would refuse every container that does not speak of its resources. */
export function limitRanges(input: StepInput): readonly Child[] {
  const {
    cpuRequest = '50m',
    memoryRequest = '64Mi',
    cpuLimit = '500m',
    memoryLimit = '256Mi',
  } = input.workspace.spec.containers ?? {};
  const metadata = { name: 'hortus-workspace', namespace: input.namespace, labels: labelsOf(input, 'limits') };
  const container = {
    type: 'Container',
    default: { cpu: canonicalQuantity(cpuLimit), memory: canonicalQuantity(memoryLimit) },
    defaultRequest: { cpu: canonicalQuantity(cpuRequest), memory: canonicalQuantity(memoryRequest) },
  };
  return [{ dependant: 'LimitsApplied', resource: LIMIT_RANGE, object: { metadata, spec: { limits: [container] } } }];
}
