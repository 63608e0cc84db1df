/**
 * The workflow bundle: workflow code and Temporal's runtime for it, in one file that the worker runs in a sandbox. Making it
 * takes 1.5 s, so it is kept in `workflows/dist`, under the hash of everything that it is made of. An image makes it when
 * it is built: `node src/bundle.ts`.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const SOURCE = fileURLToPath(new URL('.', import.meta.url));
export const BUNDLE_FOLDER = fileURLToPath(new URL('../dist', import.meta.url));

const OLD_MS = 24 * 60 * 60 * 1000;

/** All files that may end up in the bundle: too many make it be made once too often, too few would run old code. */
async function hashSources(): Promise<string> {
  const contracts = fileURLToPath(new URL('.', import.meta.resolve('@hortus/contracts/gardener')));
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const hash = createHash('sha256').update(version);
  for (const folder of [SOURCE, contracts]) {
    const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.spec)\.ts$/.test(name));
    for (const name of names.sort()) {
      hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The path of the bundle of the sources as they are; makes it where it is not there.
 *
 * @returns null where the folder can't be written: the worker then bundles in memory
 */
export async function prepareBundle(logger?: Logger): Promise<string | null> {
  const path = join(BUNDLE_FOLDER, `workflow-bundle-${await hashSources()}.cjs`);
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    return path;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(SOURCE, 'workflows.ts'),
    ...(logger ? { logger } : {}),
  });
  const part = `${path}.${String(process.pid)}`;
  try {
    await mkdir(BUNDLE_FOLDER, { recursive: true });
    await writeFile(part, code);
    await rename(part, path);
    await removeOldBundles();
    return path;
  } catch {
    return null;
  }
}

/** Of sources that have changed since. Recent ones stay: another process may be about to read one. */
async function removeOldBundles(): Promise<void> {
  for (const name of await readdir(BUNDLE_FOLDER)) {
    if (!name.startsWith('workflow-bundle-')) continue;
    const path = join(BUNDLE_FOLDER, name);
    const ageMs = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0, // Another process has removed it just now.
    );
    if (ageMs > OLD_MS) await rm(path, { force: true });
  }
}

if (import.meta.main) await prepareBundle();
