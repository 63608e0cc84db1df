import { parseArgs } from 'node:util';
import { UserError } from '../terminal/user-error.ts';

export const TEST_PARTS = ['check', 'unit', 'integration', 'operator', 'browser', 'mutation'] as const;
export type TestPart = (typeof TEST_PARTS)[number];

export interface TestOptions {
  readonly parts: readonly TestPart[];
  /** Only test files whose path matches this regular expression. */
  readonly pattern: string | undefined;
  readonly isHelp: boolean;
}

export const TEST_USAGE = `Usage: npm test [-- [part …] [--pattern <regular expression>]]

Runs everything, or the named parts: ${TEST_PARTS.join(', ')}. The last line is "N passed, N failed", and ", N skipped" where so.

  --pattern   only test files whose path matches

  TEMPORAL_CLI, CHROMIUM, REDIS_SERVER,  paths of the servers that npm does not carry (default: found, downloaded or built)
  VERSITYGW
  KUBEBUILDER_ASSETS                     folder with etcd, kube-apiserver and kube-controller-manager (default: likewise)
`;

/** @throws UserError when there is an argument that it does not know */
export function parseTestOptions(argv: readonly string[]): TestOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { pattern: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    const unknown = positionals.find((part) => !TEST_PARTS.some((known) => known === part));
    if (unknown !== undefined) throw new Error(`There is no part ${unknown}`);
    const parts = positionals.length === 0 ? TEST_PARTS : TEST_PARTS.filter((part) => positionals.includes(part));
    return { parts, pattern: values.pattern, isHelp: values.help };
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}. See npm test -- --help.`);
  }
}
