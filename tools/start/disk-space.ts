import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../terminal/user-error.ts';

const GIB = 1_073_741_824;
/** A full disk stops Postgres in the middle of its work; a start that says so beforehand is kinder. */
const FREE_BYTES_MIN = GIB;

/** @throws UserError when less than 1 GiB is free where the data folder is or will be */
export async function checkDiskSpace(home: string): Promise<void> {
  const freeBytes = await readFreeBytes(home);
  if (freeBytes >= FREE_BYTES_MIN) return;
  throw new UserError(
    `Only ${(freeBytes / GIB).toFixed(2)} GiB are free on the disk of ${home}; Hortus needs 1 GiB to start. ` +
      'Free some space, or set HORTUS_HOME to a folder on another disk.',
  );
}

async function readFreeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(folder) !== folder;
    if (isMissing) return readFreeBytes(dirname(folder));
    throw error;
  }
}
