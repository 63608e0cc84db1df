import { DEPLOYMENT, DISRUPTION_BUDGET, NETWORK_POLICY, SERVICE_ACCOUNT, type Manifest } from '../kinds.ts';
import { canonicalQuantity } from '../quantity.ts';
import { namespaceNamed } from './network-policies.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

/** Of the Deployment and all that is made for it, the ConfigMap and Secret with its variables included. */
export const GARDENER_NAME = 'hortus-gardener';
const TOKEN_FOLDER = '/var/run/secrets/hortus';
const TOKEN_SECONDS = 3600;

export function taskQueueOf({ workspace, workspaceId }: Pick<StepInput, 'workspace' | 'workspaceId'>): string {
  return workspace.spec.gardener?.mode === 'dedicated' ? `hortus-${workspaceId}` : 'hortus-cpu';
}

export function gardenerReplicas({ spec }: StepInput['workspace']): number {
  if (spec.gardener?.mode !== 'dedicated' || spec.suspend === true) return 0;
  return spec.gardener.replicas ?? 1;
}

/** A worker in the namespace of the workspace, which takes pictures of this workspace only. */
export function gardeners(input: StepInput): readonly Child[] {
  const { workspace, settings, namespace } = input;
  const image = settings.gardenerImage;
  if (workspace.spec.gardener?.mode !== 'dedicated' || image === undefined) return [];
  const labels = labelsOf(input, 'gardener');
  const metadata = { name: GARDENER_NAME, namespace, labels };
  const selector = { matchLabels: { 'app.kubernetes.io/component': 'gardener' } };
  const child = (resource: Child['resource'], content: object): Child => ({
    dependant: 'GardenerReady',
    resource,
    object: { metadata, ...content },
  });
  return [
    child(SERVICE_ACCOUNT, { automountServiceAccountToken: false }),
    child(DISRUPTION_BUDGET, { spec: { maxUnavailable: 1, selector } }),
    child(NETWORK_POLICY, {
      spec: {
        podSelector: selector,
        policyTypes: ['Egress'],
        egress: [{ to: [namespaceNamed(settings.hortusNamespace)] }],
      },
    }),
    child(DEPLOYMENT, {
      spec: {
        replicas: gardenerReplicas(workspace),
        selector,
        template: { metadata: { labels }, spec: podOf(input, image) },
      },
    }),
  ];
}

/** As restricted pod security asks, and without a token for the API server. */
function podOf(input: StepInput, image: string): object {
  const { cpu = '1', memory = '1Gi' } = input.workspace.spec.gardener?.resources ?? {};
  const amounts = { cpu: canonicalQuantity(cpu), memory: canonicalQuantity(memory) };
  return {
    serviceAccountName: GARDENER_NAME,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'gardener',
        image,
        args: ['worker'],
        env: [
          { name: 'HORTUS_TASK_QUEUE', value: taskQueueOf(input) },
          { name: 'HORTUS_SERVICE_TOKEN_FILE', value: `${TOKEN_FOLDER}/token` },
        ],
        envFrom: [
          { configMapRef: { name: GARDENER_NAME, optional: true } },
          { secretRef: { name: GARDENER_NAME, optional: true } },
        ],
        resources: { requests: amounts, limits: amounts },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'token', mountPath: TOKEN_FOLDER, readOnly: true },
          { name: 'scratch', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      {
        name: 'token',
        projected: {
          sources: [
            { serviceAccountToken: { audience: 'hortus-api', expirationSeconds: TOKEN_SECONDS, path: 'token' } },
          ],
        },
      },
      { name: 'scratch', emptyDir: {} },
    ],
  };
}

/** How many pods of the Deployment work. */
export function readyReplicasOf(deployment: Manifest | undefined): number {
  const { readyReplicas = 0 } = (deployment?.['status'] ?? {}) as { readyReplicas?: number };
  return readyReplicas;
}
