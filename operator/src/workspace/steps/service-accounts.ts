import { SERVICE_ACCOUNT } from '../kinds.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

/** `default` is the one that a pod has which asks for none: it mounts no token either. */
export function serviceAccounts(input: StepInput): readonly Child[] {
  return ['default', 'hortus-workspace'].map((name) => ({
    dependant: 'ServiceAccountsReady',
    resource: SERVICE_ACCOUNT,
    object: {
      metadata: { name, namespace: input.namespace, labels: labelsOf(input, 'identity') },
      automountServiceAccountToken: false,
    },
  }));
}
