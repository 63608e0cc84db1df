import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** `TCP_LISTEN` of the kernel's include/net/tcp_states.h, as /proc/net/tcp prints it. */
const STATE_LISTEN = '0A';
const COMMAND_LENGTH_MAX = 80;

/**
 * The inodes of the sockets that listen on `port`, out of the text of /proc/net/tcp or /proc/net/tcp6.
 * A row is `sl local_address rem_address st … uid timeout inode …`, the port hexadecimal behind the address's colon.
 */
export function parseListeners(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[3] === STATE_LISTEN && fields[1]?.split(':')[1] === wanted)
    .map((fields) => fields[9])
    .filter((inode) => inode !== undefined);
}

/** The first process out of `lsof -Fpc`, where each line is a letter and a value. */
export function parseLsof(output: string): PortHolder | undefined {
  const lines = output.split('\n');
  const pid = Number(lines.find((line) => line.startsWith('p'))?.slice(1));
  const command = lines.find((line) => line.startsWith('c'))?.slice(1);
  return Number.isInteger(pid) && pid > 0 && command !== undefined ? { pid, command } : undefined;
}

/** Who listens on the port; nothing when nobody does, or when that process is another user's and not ours to see. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  return process.platform === 'linux' ? findInProc(port) : findByLsof(port);
}

/** @example `process 4711 (nginx -g daemon off;)` */
export function describeHolder(holder: PortHolder | undefined): string {
  return holder === undefined ? 'a process of another user' : `process ${String(holder.pid)} (${holder.command})`;
}

async function findInProc(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readOrEmpty(`/proc/net/${name}`)));
  const sockets = new Set(tables.flatMap((table) => parseListeners(table, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    // A process may end, or be another user's, between the listing and the look: then it is not the one we can name.
    const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const link of links) {
      const target = await readlink(`/proc/${pid}/fd/${link}`).catch(() => '');
      if (sockets.has(target)) return { pid: Number(pid), command: await readCommand(pid) };
    }
  }
  return undefined;
}

async function readCommand(pid: string): Promise<string> {
  const commandLine = (await readOrEmpty(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').trim();
  const command = commandLine === '' ? (await readOrEmpty(`/proc/${pid}/comm`)).trim() : commandLine;
  return command.length <= COMMAND_LENGTH_MAX ? command : `${command.slice(0, COMMAND_LENGTH_MAX)}…`;
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}

async function findByLsof(port: number): Promise<PortHolder | undefined> {
  const args = ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fpc'];
  const { stdout } = await promisify(execFile)('lsof', args).catch(() => ({ stdout: '' }));
  return parseLsof(stdout);
}
