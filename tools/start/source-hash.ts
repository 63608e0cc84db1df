import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What is in a source folder and yet goes into no build. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.angular', 'e2e', 'test-results', 'playwright-report', 'coverage']);

/** One hash over files and folders: names, order and content. A missing path counts as empty. */
export async function hashSources(root: string, paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map((path) => listFiles(join(root, path))))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex');
}

async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return isSource(path) ? [path] : [];
  const names = (await readdir(path)).filter((name) => !LEFT_OUT.has(name));
  return (await Promise.all(names.map((name) => listFiles(join(path, name))))).flat();
}

function isSource(path: string): boolean {
  return !/\.spec\.ts$|\.md$/.test(path);
}
