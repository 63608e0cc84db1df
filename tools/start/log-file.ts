import { createWriteStream, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

export function logPath(logsFolder: string, name: string): string {
  return join(logsFolder, `${name}.log`);
}

/** Begins a program's log; the one of the start before is kept as `<name>.previous.log`. */
export function openLogFile(logsFolder: string, name: string): WriteStream {
  mkdirSync(logsFolder, { recursive: true });
  const path = logPath(logsFolder, name);
  try {
    renameSync(path, join(logsFolder, `${name}.previous.log`));
  } catch {
    // The first start has none.
  }
  return createWriteStream(path, { mode: 0o600 });
}
