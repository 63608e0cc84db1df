import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { ProgramCommand } from '../processes/program.ts';
import { UserError } from '../terminal/user-error.ts';

/** Whom Postgres runs as. It refuses root (PostgreSQL, "The PostgreSQL User Account"), which containers and CI often are. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
  /** The name of a capability that setpriv gives it, or nothing when setpriv or the capability is not there. */
  readonly capability: string | undefined;
}

/** `nobody` and `nogroup`: every Linux has them. */
const NOBODY = 65_534;
/** Bits of CapEff, capabilities(7). The weaker one suffices: it lets a user read and pass folders that are not its own. */
const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
];

/**
 * The user for a data folder: nothing when this process is not root and Postgres can run as whoever runs this; else the
 * folder's owner, else nobody. As root, the folders above the data folder are often closed to others (a home of mode 0700), so the
 * user gets one capability to pass them, and only the data folder changes hands.
 */
export async function choosePostgresUser(folder: string): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  const isOwned = owner !== undefined && owner.uid !== 0;
  const uid = isOwned ? owner.uid : NOBODY;
  const gid = isOwned ? owner.gid : NOBODY;
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  for (const capability of listCapabilities(status)) {
    if (await canSetpriv({ uid, gid, capability })) return { uid, gid, capability };
  }
  return { uid, gid, capability: undefined };
}

/**
 * Without the capability, the user must be let in by the permissions: the folder above the data folder, which is
 * Hortus' own, is opened for passing through; those further up are not Hortus' to open.
 *
 * @param binary Postgres' own, which may lie behind a closed folder as well
 * @throws UserError when the user cannot get there
 */
export async function letIn(user: PostgresUser | undefined, folder: string, binary: string): Promise<void> {
  if (user === undefined || user.capability !== undefined) return;
  const above = dirname(folder);
  await mkdir(above, { recursive: true });
  await chmod(above, (await stat(above)).mode | 0o011);
  const { uid, gid } = user;
  const look = ['-c', 'cd "$0" && test -x "$1"', above, binary];
  await promisify(execFile)('/bin/sh', look, { uid, gid, cwd: '/' }).catch((error: unknown) => {
    throw new UserError(
      `Postgres refuses to run as root, and the user ${String(uid)} that it runs as instead may not enter ${above} ` +
        `or may not run ${binary}. Install setpriv (util-linux), run Hortus as another user than root, ` +
        'or move both to folders that everybody may enter.',
      { cause: error },
    );
  });
}

/** Which of the capabilities that help are effective, out of /proc/self/status. */
export function listCapabilities(status: string): string[] {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  const bits = BigInt(`0x${effective}`);
  return CAPABILITIES.filter(({ bit }) => (bits & (1n << bit)) !== 0n).map(({ name }) => name);
}

/** The command as the user runs it. */
export function runAs(user: PostgresUser | undefined, command: ProgramCommand): ProgramCommand {
  if (user === undefined) return command;
  if (user.capability === undefined) return { ...command, uid: user.uid, gid: user.gid };
  return { ...command, command: 'setpriv', args: [...setprivArgs(user), '--', command.command, ...command.args] };
}

function setprivArgs({ uid, gid, capability = '' }: PostgresUser): string[] {
  // An ambient capability outlives the change of user and the exec; all others are dropped, also from the bounding set,
  // so that nothing which Postgres starts can get them back.
  const caps = `-all,+${capability}`;
  const ids = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
  return [...ids, '--inh-caps', caps, '--ambient-caps', caps, '--bounding-set', caps];
}

async function canSetpriv(user: PostgresUser): Promise<boolean> {
  return promisify(execFile)('setpriv', [...setprivArgs(user), '--', 'true']).then(
    () => true,
    () => false,
  );
}
