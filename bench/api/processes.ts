import { readFile, readdir } from 'node:fs/promises';

export async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

const TICKS_PER_SECOND = 100;

/** Fields of proc(5)'s `stat` behind the name, which may have spaces: the first is the state, field 3. */
async function readStat(pid: number | string): Promise<string[]> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Processor time that a process has taken so far: what hardly hangs on whatever else the machine does. */
export async function processorMs(pid: number): Promise<number> {
  const fields = await readStat(pid);
  // utime and stime are fields 14 and 15.
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** The same of a process and all that it has started: of Postgres, of all its backends. */
export async function familyProcessorMs(pid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((name) => readStat(name).catch(() => [])));
  const children = stats.filter((fields) => Number(fields[1]) === pid);
  const own = await readStat(pid);
  // cutime and cstime, fields 16 and 17, are of children that have ended.
  const ticks = [...children.flatMap((fields) => fields.slice(11, 13)), ...own.slice(11, 15)];
  return (ticks.reduce((sum, field) => sum + Number(field), 0) * 1000) / TICKS_PER_SECOND;
}
