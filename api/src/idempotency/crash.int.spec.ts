import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chooseFreePort } from '../../../tools/processes/free-port.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { TEST_SECRET_KEY, TEST_SERVICE_KEY, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { startTestProgram, type TestProgram } from '../../../tools/test/fixtures/programs.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';

/**
 * Stands between the api and Postgres, and can keep back what Postgres answers. So a request comes to stand exactly between
 * its commit and its answer.
 */
async function startValve(host: string, port: number) {
  const sockets = new Set<Socket>();
  let isShut = false;
  let isArmed = false;
  const server = createServer((client) => {
    const upstream = connect({ host, port });
    let hasWritten = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      hasWritten ||= text.includes('insert into "idempotency_keys"');
      // From the moment at which that transaction commits, nothing comes back.
      if (isArmed && hasWritten && /commit/i.test(text)) isShut = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isShut) client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    shutAtCommit() {
      isArmed = true;
    },
    reopen() {
      isArmed = false;
      isShut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let api: TestApi;
let ada: TestPerson;
let valve: Awaited<ReturnType<typeof startValve>>;
let folder = '';
beforeAll(async () => {
  api = await startTestApi();
  ada = (await api.plant('Acme', ['owner'])).people.owner;
  const { hostname, port } = new URL(api.database.apiUrl);
  valve = await startValve(hostname, Number(port));
  folder = await mkdtemp(join(tmpdir(), 'hortus-crash-'));
}, 60_000);
afterAll(async () => {
  await valve.close();
  await api.close();
  await rm(folder, { recursive: true });
}, 60_000);

it('a request that was committed and not answered when the api was killed is answered when it is repeated, and not done again', async () => {
  const port = await chooseFreePort();
  const launch = (): Promise<TestProgram> =>
    startTestProgram('api/src/main.ts', {
      HORTUS_PORT: String(port),
      HORTUS_DATABASE_URL: Object.assign(new URL(api.database.apiUrl), { host: `127.0.0.1:${String(valve.port)}` })
        .href,
      HORTUS_SECRET_KEY: TEST_SECRET_KEY,
      HORTUS_SERVICE_KEY: TEST_SERVICE_KEY,
      HORTUS_TEMPORAL_ADDRESS: readTestEnvironment().temporalAddress,
      HORTUS_OBJECTS_FOLDER: folder,
    });
  const create = (key: string) =>
    fetch(`http://127.0.0.1:${String(port)}/api/v1/artifacts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.accessToken}`,
        'hortus-workspace': ada.workspaceId,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ name: 'Once, whatever dies' }),
    });
  const made = () => api.database.query<{ id: string }>(`select id from artifacts where name = 'Once, whatever dies'`);

  const key = randomUUID();
  const first = await launch();
  try {
    valve.shutAtCommit();
    const unanswered = create(key).then(
      ({ status }) => status,
      () => 'no answer',
    );
    expect(await waitUntil(async () => (await made()).length === 1, 30_000)).toBe(true);
    await first.kill();
    expect(await unanswered).toBe('no answer');
  } finally {
    await first.kill();
  }

  valve.reopen();
  const second = await launch();
  try {
    const answers = [await create(key), await create(key)];
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [201, 'true'],
      [201, 'true'],
    ]);
    const [row] = await made();
    expect(await made()).toHaveLength(1);
    for (const answer of answers)
      expect(await answer.json()).toMatchObject({ id: row?.id, name: 'Once, whatever dies' });
    expect((await create(randomUUID())).headers.get('idempotency-replayed')).toBeNull();
  } finally {
    await second.stop();
  }
}, 240_000);
