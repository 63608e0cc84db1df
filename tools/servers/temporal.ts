import { access, constants, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { canConnect } from '../processes/can-connect.ts';
import type { ProgramCommand } from '../processes/program.ts';
import { UserError } from '../terminal/user-error.ts';

export interface TemporalOptions {
  /** The Temporal CLI, absolute. */
  readonly binary: string;
  readonly port: number;
  /** Nothing: no browser interface. */
  readonly uiPort?: number;
  readonly namespaces: readonly string[];
  /** Where workflows are kept, absolute. Nothing: in memory, gone when the server stops. */
  readonly file?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How every SQLite file begins, by the documentation of its format. */
const SQLITE_MAGIC = 'SQLite format 3\0';

/** Priority is on by default in the server; fairness (one workspace's pictures do not hold up another's) must be asked for. */
const DYNAMIC_CONFIG = ['matching.useNewMatcher=true', 'matching.enableFairness=true'];

/** The Temporal dev server: the real server in one process over SQLite. */
export function temporalCommand(options: TemporalOptions): ProgramCommand {
  const args = [
    ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)],
    options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort)],
    options.namespaces.flatMap((namespace) => ['--namespace', namespace]),
    options.file === undefined ? [] : ['--db-filename', options.file],
    DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
    ['--log-level', 'warn', '--log-format', 'json', '--color', 'never'],
    // A person's own Temporal profile would point the command at another server.
    ['--disable-config-file', '--disable-config-env'],
  ].flat();
  return { command: options.binary, args, cwd: '/', env: options.env };
}

/**
 * Looks at the file before the server does, whose own complaint comes late and does not name the file.
 *
 * @throws UserError
 */
export async function checkTemporalFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const reason = await findFault(file);
  if (reason === undefined) return;
  throw new UserError(
    `Temporal's file ${file} is not usable: ${reason}. Put back a copy of it, or begin anew without the workflows ` +
      `that were under way: mv ${dirname(file)} ${dirname(file)}.broken`,
  );
}

async function findFault(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK | constants.W_OK);
    const handle = await open(file, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(SQLITE_MAGIC.length), 0, SQLITE_MAGIC.length, 0);
      const isEmpty = bytesRead === 0;
      return isEmpty || buffer.toString('latin1') === SQLITE_MAGIC ? undefined : 'it is no SQLite database';
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : message;
  }
}

/** Whether the server answers and has made the namespaces, which it does a moment after it listens. */
export async function isTemporalReady(port: number, namespaces: readonly string[]): Promise<boolean> {
  // gRPC waits a second after a refused connection, and longer after the next: it must not be refused at all.
  if (!(await canConnect(port))) return false;
  try {
    const connection = await Connection.connect({ address: `127.0.0.1:${String(port)}`, connectTimeout: '1s' });
    try {
      await Promise.all(namespaces.map((namespace) => connection.workflowService.describeNamespace({ namespace })));
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
