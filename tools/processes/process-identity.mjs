// @ts-check
// Plain JavaScript: tools/run.mjs needs it before Node 24 is there to strip types.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * A process that stays the same one: a pid alone is given again to another process, so a record that outlives its
 * process (a lock, a list of children) also keeps when the process began.
 *
 * @typedef {object} ProcessIdentity
 * @property {number} pid
 * @property {string} startedAt opaque: only compared, never read
 */

/**
 * State and start time out of `/proc/<pid>/stat`. The command's name is in brackets and may hold spaces and brackets,
 * so counting begins after the last one (proc(5)).
 *
 * @param {string} stat
 * @returns {{ state: string, startTicks: string } | undefined}
 */
export function parseProcStat(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}

/**
 * The identity of a living process, or nothing when there is none. A zombie counts as gone: it holds no port and no file.
 *
 * @param {number} pid
 * @returns {ProcessIdentity | undefined}
 */
export function identifyProcess(pid) {
  if (process.platform !== 'linux') return identifyByPs(pid);
  try {
    const stat = parseProcStat(readFileSync(`/proc/${String(pid)}/stat`, 'latin1'));
    if (stat === undefined || stat.state === 'X') return undefined;
    // The main thread of a process that is ending is a zombie before its other threads are gone, and those still hold its
    // ports and files.
    if (stat.state === 'Z' && readdirSync(`/proc/${String(pid)}/task`).length <= 1) return undefined;
    // Ticks count from boot, so after a reboot the same pid could begin at the same tick: the boot belongs to it.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    return { pid, startedAt: `${stat.startTicks}@${boot}` };
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined}
 */
function identifyByPs(pid) {
  try {
    const startedAt = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return startedAt === '' ? undefined : { pid, startedAt };
  } catch {
    return undefined;
  }
}

/**
 * @param {ProcessIdentity} identity
 * @returns {boolean}
 */
export function isAlive(identity) {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}
