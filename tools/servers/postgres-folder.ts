import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startProgram } from '../processes/program.ts';
import { UserError } from '../terminal/user-error.ts';
import { POSTGRES_MAJOR, type PostgresBinaries } from './postgres-binaries.ts';
import { runAs, type PostgresUser } from './postgres-user.ts';

/** What a data folder is before Postgres looks at it. */
export type PostgresFolderState =
  { readonly state: 'absent' } | { readonly state: 'usable' } | { readonly state: 'broken'; readonly reason: string };

/** @param version the content of PG_VERSION, or nothing when there is none */
export function judgePostgresFolder(names: readonly string[], version: string | undefined): PostgresFolderState {
  if (names.length === 0) return { state: 'absent' };
  if (version === undefined) return { state: 'broken', reason: 'its file PG_VERSION is missing' };
  const major = version.trim();
  if (major === POSTGRES_MAJOR) return { state: 'usable' };
  const isVersion = /^\d+$/.test(major);
  const reason = isVersion
    ? `it was made by Postgres ${major}, this is Postgres ${POSTGRES_MAJOR}`
    : 'its PG_VERSION is not a version';
  return { state: 'broken', reason };
}

export async function readPostgresFolder(folder: string): Promise<PostgresFolderState> {
  const names = await readdir(folder).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UserError(`The Postgres folder ${folder} cannot be read (${message}).`, { cause: error });
  });
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return judgePostgresFolder(names, version);
}

/**
 * Makes a database cluster: UTF-8, the built-in C.UTF-8 locale (the same order of texts on every machine, whatever its
 * libc), passwords only (SCRAM), data checksums. Made under another name and renamed, so that an interrupted initdb
 * leaves no folder that looks like a database.
 */
export async function createPostgresFolder(
  folder: string,
  binaries: PostgresBinaries,
  options: { readonly user: PostgresUser | undefined; readonly password: string; readonly isDurable: boolean },
): Promise<void> {
  const { user } = options;
  const draft = `${folder}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (user !== undefined) await Promise.all([draft, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const args = [
      ['--pgdata', draft, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ['--encoding', 'UTF8', '--locale', 'C.UTF-8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ['--data-checksums', '--no-instructions', ...(options.isDurable ? [] : ['--no-sync'])],
    ].flat();
    const tail: string[] = [];
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
    const command = runAs(user, { command: binaries.initdb, args, cwd: '/', env });
    const initdb = await startProgram(command, ({ text }) => tail.push(text));
    const { code } = await initdb.exited;
    if (code !== 0) {
      throw new UserError(`Postgres could not make its data folder ${folder}: ${lastWords(tail)}`);
    }
    // An empty folder at the place would be in the way of the rename on some systems.
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    await chmod(folder, 0o700);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Removes a postmaster.pid that a killed Postgres has left. Postgres does so itself unless the pid is given to another
 * process of the same user by now; then it would refuse to start for ever.
 */
export async function removeStalePostmasterPid(folder: string): Promise<void> {
  const path = join(folder, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return;
  // A postmaster's working directory is its data folder. Without /proc, Postgres' own judgement has to do.
  const cwd = process.platform === 'linux' ? await readlink(`/proc/${String(pid)}/cwd`).catch(() => '') : folder;
  if (cwd !== folder) await rm(path, { force: true });
}

function lastWords(lines: readonly string[]): string {
  const errors = lines.filter((line) => /\b(error|FATAL|could not)\b/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-2).join(' ');
}
