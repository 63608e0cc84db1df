import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import type { SignedIn } from '@hortus/contracts/auth-api';
import { identifyProcess } from '../processes/process-identity.mjs';
import { waitUntil } from '../processes/wait-until.ts';
import { dataFolder } from './data-folder.ts';
import { chooseFreePortVariables } from './free-port-variables.ts';
import { readRunRecord, type RunRecord } from './run-record.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const PASSWORD = 'password of the demo in this test';
const READY_MS = 240_000;
const END_MS = 60_000;

/** `npm start` as a process that a test may kill. */
interface Start {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

describe('npm start', () => {
  let home = '';
  let variables: Record<string, string> = {};
  let running: Start | undefined;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'hortus-start-'));
    variables = {
      ...(await chooseFreePortVariables()),
      HORTUS_HOME: home,
      HORTUS_DEMO_PASSWORD: PASSWORD,
    };
  });

  afterAll(async () => {
    running?.child.kill('SIGTERM');
    await running?.ended;
    await rm(home, { recursive: true, force: true });
  }, END_MS);

  function start(): Start {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HORTUS_')));
    const child = spawn(process.execPath, [join(checkout, 'tools/start/main.ts')], {
      cwd: checkout,
      env: { ...own, NODE_OPTIONS: '', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    return { child, output: () => text, ended };
  }

  async function startUntilReady(): Promise<Start> {
    const begun = start();
    running = begun;
    const isOver = () => begun.child.exitCode !== null || begun.child.signalCode !== null;
    const isReady = await waitUntil(() => begun.output().includes('Hortus is ready at'), READY_MS, isOver);
    if (!isReady) throw new Error(`it did not become ready: ${begun.output()}`);
    return begun;
  }

  function readRecord(): RunRecord {
    const record = readRunRecord(dataFolder(home).runRecord);
    if (record === undefined) throw new Error('nothing is said of what runs');
    return record;
  }

  const isAlive = ({ pid, startedAt }: { pid: number; startedAt: string }) =>
    identifyProcess(pid)?.startedAt === startedAt;

  async function signIn(): Promise<{ url: string; headers: Record<string, string> }> {
    const { apiUrl } = readRecord();
    const response = await fetch(`${apiUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'owner@acme.com', password: PASSWORD }),
    });
    const { accessToken, workspaces } = (await response.json()) as SignedIn;
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'hortus-workspace': workspaces[0]?.id ?? '',
      'content-type': 'application/json',
    };
    return { url: `${apiUrl}/api/v1/artifacts`, headers };
  }

  let artifactId = '';

  it(
    'brings the whole product up, with the people of the demo and the web app',
    async () => {
      await startUntilReady();
      const { url, headers } = await signIn();
      const created = await fetch(url, { method: 'POST', headers, body: '{"name":"Made before the kill"}' });
      ({ id: artifactId } = (await created.json()) as Artifact);
      const page = await fetch(readRecord().apiUrl);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>Hortus');
    },
    READY_MS * 2,
  );

  it(
    'says so when it runs already, and leaves the other one alone',
    async () => {
      const second = start();
      expect(await second.ended).not.toBe(0);
      expect(second.output()).toMatch(/runs already/);
      expect(readRecord().children.every(isAlive)).toBe(true);
    },
    END_MS,
  );

  it(
    'recovers from a killed starter in one line, with all that was kept',
    async () => {
      const left = readRecord().children;
      running?.child.kill('SIGKILL');
      await running?.ended;
      const { output } = await startUntilReady();
      expect(output()).toMatch(/Ended what a killed start had left running/);
      expect(left.some(isAlive)).toBe(false);
      const { url, headers } = await signIn();
      expect((await fetch(`${url}/${artifactId}`, { headers })).status).toBe(200);
    },
    READY_MS,
  );

  it(
    'restarts a program that dies',
    async () => {
      const worker = readRecord().children.find(({ name }) => name === 'worker');
      if (worker === undefined) throw new Error('no worker runs');
      process.kill(worker.pid, 'SIGKILL');
      const isBack = () => {
        const now = readRecord().children.find(({ name }) => name === 'worker');
        return now !== undefined && now.pid !== worker.pid && isAlive(now);
      };
      expect(await waitUntil(isBack, END_MS)).toBe(true);
    },
    END_MS,
  );

  it(
    'stops everything in order at Ctrl-C and leaves nothing behind',
    async () => {
      const { children } = readRecord();
      running?.child.kill('SIGINT');
      await running?.ended;
      running = undefined;
      expect(children.length).toBeGreaterThanOrEqual(4);
      expect(children.filter(isAlive)).toEqual([]);
    },
    END_MS,
  );

  it(
    'names the file and what to do when its folder is damaged, and deletes nothing',
    async () => {
      const { secrets } = dataFolder(home);
      await writeFile(secrets, '{"damaged":');
      const begun = start();
      expect(await begun.ended).not.toBe(0);
      expect(begun.output()).toContain(secrets);
      expect(begun.output()).toMatch(/mv |restore/i);
    },
    END_MS,
  );
});
