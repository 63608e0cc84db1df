import { Agent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../tools/test/fixtures/people.ts';
import { waitUntil } from '../../tools/processes/wait-until.ts';

const PATIENCE_MS = 20_000;

describe('the api', () => {
  let api: TestApi;
  let ada: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    ada = (await api.plant('Acme', ['owner'])).people.owner;
  });
  afterAll(() => api.close());

  const list = () => ada.call({ method: 'GET', url: '/api/v1/artifacts' });
  const terminate = () =>
    api.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hortus_api' and datname = current_database()`,
    );

  it('answers 503 at the worst when the database cuts its connections, and works again by itself', async () => {
    const stdout = jest.spyOn(console, 'log');
    await list();
    for (let round = 0; round < 5; round += 1) {
      const before = await terminate();
      expect(before.length).toBeGreaterThan(0);
      const answers = await Promise.all(Array.from({ length: 12 }, list));
      const refused = answers.filter(({ statusCode }) => statusCode !== 200);
      for (const answer of refused) {
        expect([answer.statusCode, answer.json<Problem>().code]).toEqual([503, 'UNAVAILABLE']);
        expect(answer.headers['retry-after']).toBe('2');
      }
      expect(await waitUntil(async () => (await list()).statusCode === 200, PATIENCE_MS)).toBe(true);
    }
    // Every line of the log is JSON, also what the pool says of lost connections.
    expect(stdout).not.toHaveBeenCalled();
    expect(api.logged.filter((line) => (JSON.parse(line) as { msg: string }).msg === 'knex')).not.toEqual([]);
    stdout.mockRestore();
  });

  it('answers 503 to a change that is cut off in the middle, and nothing of it stands', async () => {
    const artifact = await ada.createArtifact({ name: 'Before' });
    await api.database.query(`
      create function cut_off() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      alter function cut_off() security definer;
      create trigger cut_off before insert on events for each row execute function cut_off()`);
    try {
      const url = `/api/v1/artifacts/${artifact.id}`;
      const answer = await ada.call({ method: 'PATCH', url, payload: { name: 'After' }, headers: { 'if-match': '*' } });
      expect([answer.statusCode, answer.json<Problem>().code]).toEqual([503, 'UNAVAILABLE']);
    } finally {
      await api.database.query('drop trigger cut_off on events; drop function cut_off()');
    }
    const url = `/api/v1/artifacts/${artifact.id}`;
    let last: unknown;
    const isBack = async () => {
      const answer = await ada.call({ method: 'GET', url });
      last = answer.json();
      return answer.statusCode === 200;
    };
    expect(await waitUntil(isBack, PATIENCE_MS)).toBe(true);
    expect(last).toEqual(artifact);
  });

  it('says nothing of its inside when something goes wrong that nobody foresaw', async () => {
    await api.database.query('alter table artifacts rename column description to elsewhere');
    try {
      const answer = await list();
      const created = await ada.call({
        method: 'POST',
        url: '/api/v1/artifacts',
        payload: { name: 'x', description: 'y' },
      });
      expect([answer.statusCode, created.statusCode]).toContain(500);
      for (const { body, statusCode } of [answer, created]) {
        if (statusCode === 500) expect(body).not.toMatch(/column|artifacts|insert|select/i);
      }
    } finally {
      await api.database.query('alter table artifacts rename column elsewhere to description');
    }
  });

  it('answers what it does not know with a problem that repeats no query', async () => {
    const answer = await ada.call({ method: 'GET', url: '/api/v1/nothing?signature=canary' });
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([404, 'NOT_FOUND']);
    expect(answer.json<Problem>().detail).toBe('GET /api/v1/nothing is not known here.');
    expect(api.logged.join('')).not.toContain('canary');
  });

  it('shuts down without waiting for connections that keep alive, once their requests are answered', async () => {
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    const get = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${ada.accessToken}`, 'hortus-workspace': ada.workspaceId };
        httpRequest({ port, path, agent, headers }, (response) => {
          response.resume().once('end', () => {
            resolve(response.statusCode ?? 0);
          });
        })
          .once('error', reject)
          .end();
      });
    // One connection lies idle when the api closes, the other waits for a row that somebody holds.
    expect(await get('/health')).toBe(200);
    const owner = api.database.query(
      `begin; lock table artifacts in access exclusive mode; select pg_sleep(0.5); commit`,
    );
    const isLocked = async () =>
      (await api.database.query(`select 1 from pg_locks where mode = 'AccessExclusiveLock' and relation = 'artifacts'::regclass and granted`)).length > 0; // prettier-ignore
    expect(await waitUntil(isLocked, PATIENCE_MS)).toBe(true);
    const waiting = get('/api/v1/artifacts');
    const isWaiting = async () =>
      (await api.database.query(`select 1 from pg_locks where relation = 'artifacts'::regclass and not granted`)).length > 0; // prettier-ignore
    expect(await waitUntil(isWaiting, PATIENCE_MS)).toBe(true);
    await api.app.close();
    expect(await waiting).toBe(200);
    await owner;
    agent.destroy();
  });
});
