import { parseArgs } from 'node:util';

export interface OperatorOptions {
  readonly kubeconfig: string | undefined;
  readonly isDryRun: boolean;
  readonly isHelp: boolean;
  /** Of a dry run; all when there are none. */
  readonly names: readonly string[];
}

export const OPERATOR_USAGE = `Usage: npm run operator -- [--kubeconfig <file>] [--dry-run [<workspace> …]]

Makes a cluster match its Workspace resources, until it is told to stop.

  --kubeconfig <file>  the cluster; default KUBECONFIG, then ~/.kube/config, then the one around this pod
  --dry-run            prints what would be done for each Workspace, and does nothing
  --help               this text

Variables (HORTUS_API_URL, HORTUS_SERVICE_KEY, …) are listed in operator/README.md.
`;

/** @throws TypeError for what is no option */
export function parseOperatorOptions(argv: readonly string[]): OperatorOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      kubeconfig: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (positionals.length > 0 && !values['dry-run'])
    throw new TypeError('Names of workspaces are of --dry-run only; without it, all are looked after.');
  return {
    kubeconfig: values.kubeconfig,
    isDryRun: values['dry-run'],
    isHelp: values.help,
    names: positionals,
  };
}
