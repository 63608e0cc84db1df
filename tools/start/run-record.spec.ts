import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { identifyProcess, isAlive } from '../processes/process-identity.mjs';
import { endLeftovers } from './end-leftovers.ts';
import { readRunRecord, writeRunRecord, type RunRecord } from './run-record.ts';

const record: RunRecord = {
  starter: { pid: 4711, startedAt: '1@a' },
  url: 'http://localhost:8080',
  apiUrl: 'http://127.0.0.1:8080',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'hortus',
  isReady: true,
  children: [{ name: 'api', pid: 4712, startedAt: '2@a' }],
};

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'run-')), 'run.json');

describe('the record of what runs', () => {
  it('comes back as it was written, readable by its owner only', () => {
    const path = newPath();
    writeRunRecord(path, record);
    expect(readRunRecord(path)).toEqual(record);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is nothing when it is damaged, so that no process is ended by a mistake in it', () => {
    const path = newPath();
    for (const text of ['', '{', '[]', JSON.stringify({ ...record, children: [{ name: 'api', pid: -1 }] })]) {
      writeFileSync(path, text);
      expect(readRunRecord(path)).toBeUndefined();
    }
    expect(readRunRecord(`${path}.absent`)).toBeUndefined();
  });
});

describe('endLeftovers', () => {
  it('ends the processes of the record and leaves alone one that has only the same pid', async () => {
    const children = [0, 1].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }));
    await Promise.all(children.map((child) => once(child, 'spawn')));
    const [left, other] = children.map((child) => identifyProcess(child.pid ?? 0));
    if (left === undefined || other === undefined) throw new Error('sleep did not start');
    const names = await endLeftovers({
      ...record,
      children: [
        { name: 'api', ...left },
        { name: 'worker', pid: other.pid, startedAt: 'another time' },
      ],
    });
    expect(names).toEqual(['api']);
    expect(isAlive(left)).toBe(false);
    expect(isAlive(other)).toBe(true);
    children[1]?.kill('SIGKILL');
  });

  it('has nothing to do without a record', async () => {
    expect(await endLeftovers(undefined)).toEqual([]);
  });
});
