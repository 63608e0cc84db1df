import { NETWORK_POLICY } from '../kinds.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
const DNS_PORTS = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
];
/** What is not the internet (RFC 1918, 6598, 3927, 4193, 4291): a pod's neighbours and the machines below. */
const PRIVATE_V4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
const PRIVATE_V6 = ['fc00::/7', 'fe80::/10'];

type Ports = readonly { readonly port: number; readonly protocol?: string }[] | undefined;

/** Everything is denied in both directions; each policy beside that lets one thing through. */
export function networkPolicies(input: StepInput): readonly Child[] {
  const { within = 'Allowed', internet = 'Denied', from = [], to = [] } = input.workspace.spec.network ?? {};
  const policy = (name: string, spec: object): Child => ({
    dependant: 'NetworkIsolated',
    resource: NETWORK_POLICY,
    object: {
      metadata: { name, namespace: input.namespace, labels: labelsOf(input, 'network') },
      spec: { podSelector: {}, ...spec },
    },
  });
  const egress = (...rules: readonly object[]): object => ({ policyTypes: ['Egress'], egress: rules });
  const everyone = [{ podSelector: {} }];
  return [
    policy('hortus-deny-all', { policyTypes: ['Ingress', 'Egress'] }),
    policy('hortus-allow-dns', egress({ to: [namespaceNamed('kube-system')], ports: DNS_PORTS })),
    ...(within === 'Allowed'
      ? [
          policy('hortus-allow-within', {
            policyTypes: ['Ingress', 'Egress'],
            ingress: [{ from: everyone }],
            egress: [{ to: everyone }],
          }),
        ]
      : []),
    ...(internet === 'Allowed' ? [policy('hortus-allow-internet', egress({ to: [...publicAddresses()] }))] : []),
    ...(from.length > 0
      ? [
          policy('hortus-allow-from', {
            policyTypes: ['Ingress'],
            ingress: from.map(({ namespace, ports }) => ({ from: [namespaceNamed(namespace)], ...portsOf(ports) })),
          }),
        ]
      : []),
    ...(to.length > 0
      ? [
          policy(
            'hortus-allow-to',
            egress(
              ...to.map(({ namespace, cidr, ports }) => ({
                to: [namespace === undefined ? { ipBlock: { cidr } } : namespaceNamed(namespace)],
                ...portsOf(ports),
              })),
            ),
          ),
        ]
      : []),
  ];
}

export function namespaceNamed(name: string): object {
  return { namespaceSelector: { matchLabels: { [NAME_LABEL]: name } } };
}

function publicAddresses(): readonly object[] {
  return [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE_V4 } }, { ipBlock: { cidr: '::/0', except: PRIVATE_V6 } }];
}

function portsOf(ports: Ports): object {
  if (ports === undefined || ports.length === 0) return {};
  return { ports: ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol })) };
}
