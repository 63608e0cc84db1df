import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file that a program prints and that is committed. */
export interface GeneratedFile {
  /** From the checkout. */
  readonly path: string;
  /** The program that prints it to stdout, from the checkout. */
  readonly program: string;
}

export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: 'docs/openapi.json', program: 'api/src/print-openapi.ts' },
  { path: 'docs/roles.md', program: 'api/src/print-roles.ts' },
  { path: 'k8s/crd/workspaces.hortus.dev.yaml', program: 'tools/gen/print-crd.ts' },
];

/** The text that the file must have. */
export async function printGenerated(checkout: string, { program }: GeneratedFile): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(checkout, program)], {
    cwd: checkout,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
