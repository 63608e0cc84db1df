import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '@hortus/contracts/errors';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { TEST_LIMITS, startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { openRawConnection } from '../../../tools/test/fixtures/raw-connection.ts';

const PATIENCE_MS = 20_000;

describe('the server', () => {
  let api: TestApi;
  let ada: TestPerson;
  let port: number;
  beforeAll(async () => {
    const limits = { ...TEST_LIMITS, headersTimeoutMs: 400, bodyTimeoutMs: 400, checkIntervalMs: 50 };
    api = await startTestApi({}, { limits });
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = api.app.server.address() as AddressInfo);
  });
  afterAll(() => api.close());

  const open = () => openRawConnection(port);
  const headersOf = (person: TestPerson) =>
    `Host: localhost\r\nAuthorization: Bearer ${person.accessToken}\r\nHortus-Workspace: ${person.workspaceId}\r\n`;

  /** Writes a little again and again for as long as the connection lasts. */
  async function dribble(bytes: string, next: () => string): Promise<string> {
    const connection = await open();
    connection.write(bytes);
    const isClosed = await waitUntil(() => {
      if (connection.socket.writable) connection.write(next());
      return connection.socket.closed;
    }, PATIENCE_MS);
    expect(isClosed).toBe(true);
    return connection.answer;
  }

  it('ends a connection whose headers never come to their end, with a problem', async () => {
    let count = 0;
    const answer = await dribble(
      'GET /health HTTP/1.1\r\nHost: localhost\r\n',
      () => `X-${String((count += 1))}: a\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
  });

  it('ends a connection whose JSON body never comes to its end, and goes on to answer others', async () => {
    const head = `POST /api/v1/artifacts HTTP/1.1\r\n${headersOf(ada)}Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n{`;
    expect(await dribble(head, () => ' ')).not.toMatch(/^HTTP\/1\.1 2/);
    expect((await ada.call({ method: 'GET', url: '/api/v1/artifacts' })).statusCode).toBe(200);
  });

  it('gives an upload more time than a JSON body', async () => {
    const { id } = await ada.createArtifact();
    const connection = await open();
    connection.write(
      `PUT /api/v1/artifacts/${id}/original HTTP/1.1\r\n${headersOf(ada)}Content-Type: application/json\r\n` +
        'Content-Length: 6\r\nConnection: close\r\n\r\n"',
    );
    // Beside it a JSON body has run out of its time.
    await dribble(
      `POST /api/v1/artifacts HTTP/1.1\r\n${headersOf(ada)}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n`,
      () => ' ',
    );
    connection.write('slow"');
    expect(await connection.answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each<[string, string, number, string]>([
    ['has headers that are too large', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['has an address that is too long', `GET /health?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['is no HTTP', 'hello\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['names its length twice', 'POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400, 'REQUEST_INVALID'],
    ['names both its length and its chunks', 'POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['hides a second transfer encoding', 'POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['has a chunk whose length is none', 'POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['has a space before the colon of a header', 'POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\na', 400, 'REQUEST_INVALID'],
    ['folds a header over two lines', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['has a bare CR in a header', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['has a NUL in a header', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', 400, 'REQUEST_INVALID'],
  ])('refuses what %s, as a problem, and closes the connection', async (_name, bytes, status, code) => {
    const connection = await open();
    connection.write(bytes);
    const answer = await connection.answer;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer.split('HTTP/1.1 ')).toHaveLength(2);
  }); // prettier-ignore

  it('refuses more connections than it may have', async () => {
    const few = await startTestApi({}, { limits: { ...TEST_LIMITS, connectionsMax: 1 } });
    await few.app.listen({ port: 0, host: '127.0.0.1' });
    const { port: fewPort } = few.app.server.address() as AddressInfo;
    const first = await openRawConnection(fewPort);
    const second = await openRawConnection(fewPort);
    expect(await second.answer).toBe('');
    first.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await first.answer).toMatch(/^HTTP\/1\.1 200 /);
    await few.close();
  });

  it('turns requests away when it has too much to do, but for the one that asks whether it lives', async () => {
    const busy = await startTestApi({}, { limits: { ...TEST_LIMITS, heapUsedMaxBytes: 1 } });
    const isBusy = async () => (await busy.app.inject('/api/v1/me')).statusCode === 503;
    expect(await waitUntil(isBusy, PATIENCE_MS)).toBe(true);
    const response = await busy.app.inject('/api/v1/me');
    expect([response.statusCode, response.json<Problem>().code]).toEqual([503, 'UNAVAILABLE']);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect((await busy.app.inject('/health')).statusCode).toBe(200);
    await busy.close();
  });
});
