import { createHash } from 'node:crypto';
import { cp, lstat, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';

const OTHERS_MAY_PASS = 0o001;
const OTHERS_MAY_WRITE = 0o022;

/**
 * Binaries that the user can run. A capability lets it open files behind a closed folder (a clone in a home of mode 0700),
 * but initdb looks for `postgres` by access(2), which leaves the capabilities of a user other than root out of account. So
 * binaries behind a closed folder are copied, once, to the folder for temporary files.
 */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
): Promise<PostgresBinaries> {
  if (user === undefined || (await mayEverybodyPass(dirname(binaries.postgres)))) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const { mtimeMs, size } = await stat(binaries.postgres);
  const version = createHash('sha256')
    .update(`${native} ${String(mtimeMs)} ${String(size)}`)
    .digest('hex')
    .slice(0, 16);
  const copy = join(tmpdir(), `hortus-postgres-${version}`);
  if (!(await isOurs(copy))) {
    const staging = await mkdtemp(`${copy}-`);
    await cp(native, join(staging, 'native'), { recursive: true, verbatimSymlinks: true });
    // Another start may have been faster; whoever comes second uses what the first one made.
    await rename(join(staging, 'native'), copy).catch(async (error: unknown) => {
      if (!(await isOurs(copy))) throw error;
    });
    await rm(staging, { recursive: true, force: true });
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function mayEverybodyPass(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & OTHERS_MAY_PASS) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** A folder of this name that somebody else has put there is not run. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return (
    found !== undefined &&
    found.isDirectory() &&
    found.uid === process.getuid?.() &&
    (found.mode & OTHERS_MAY_WRITE) === 0
  );
}
