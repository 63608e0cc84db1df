import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeError } from './kube-error.ts';
import { TokenBucket } from './token-bucket.ts';
import { Transport, type KubeRequest } from './transport.ts';

describe('the transport', () => {
  let server: Server;
  let transport: Transport;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let token = 'first';
  const sockets = new Set<unknown>();
  const seen: string[] = [];
  const outcomes: (number | 'error')[] = [];
  const get: KubeRequest = { method: 'GET', path: '/api/v1/namespaces' };

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
      answer(request, response);
    });
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    transport = new Transport({
      endpoint: {
        server: `http://127.0.0.1:${String(port)}/behind/a/proxy/`,
        tls: {},
        authorize: async () => ({ authorization: `Bearer ${token}` }),
      },
      bucket: new TokenBucket({ perSecond: 10_000, burst: 10_000 }),
      userAgent: 'test',
      timeoutsMs: { PUT: 50 },
      silenceMaxMs: 100,
      observe: (_request, outcome) => void outcomes.push(outcome),
    });
  });

  beforeEach(() => {
    seen.length = 0;
    outcomes.length = 0;
    answer = (_request, response) => response.end('{"kind":"List"}');
  });

  afterAll(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks below the path of the address, as whoever it is by then, over few connections', async () => {
    sockets.clear();
    expect(await transport.request(get)).toEqual({ kind: 'List' });
    token = 'second';
    for (let time = 0; time < 50; time += 1)
      await transport.request({ ...get, query: { limit: 5, continue: undefined } });
    expect(seen[0]).toBe('GET /behind/a/proxy/api/v1/namespaces Bearer first');
    expect(seen.at(-1)).toBe('GET /behind/a/proxy/api/v1/namespaces?limit=5 Bearer second');
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('asks again when it was put off, and not when it was refused', async () => {
    const answers: [number, Record<string, string>][] = [
      [429, { 'retry-after': '0' }],
      [503, { 'retry-after': '0' }],
      [200, {}],
      [503, {}],
    ];
    answer = (_request, response) => {
      const [status, headers] = answers.shift() ?? [500, {}];
      response.writeHead(status, headers).end('{}');
    };
    expect(await transport.request(get)).toEqual({});
    await expect(transport.request(get)).rejects.toMatchObject({ code: 503, retryAfterMs: undefined });
    expect(outcomes).toEqual([429, 503, 200, 503]);
  });

  it('does not ask for ever', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '0' }).end();
    await expect(transport.request(get)).rejects.toMatchObject({ code: 429 });
    expect(seen).toHaveLength(11);
  });

  it('tells a refusal in the words of the server, or of whoever answered in its place', async () => {
    const status = { kind: 'Status', reason: 'Invalid', message: 'spec.slug: is immutable', code: 422 };
    answer = (_request, response) => response.writeHead(422).end(JSON.stringify(status));
    const refusal = transport.request({ ...get, method: 'PATCH', body: {} });
    await expect(refusal).rejects.toBeInstanceOf(KubeError);
    await expect(refusal).rejects.toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'PATCH /api/v1/namespaces: 422 spec.slug: is immutable',
    });
    answer = (_request, response) => response.writeHead(502).end(`<html>${'x'.repeat(100_000)}`);
    await expect(transport.request(get)).rejects.toMatchObject({ code: 502, reason: '' });
  });

  it('gives up on a server that does not answer in time, and says so', async () => {
    answer = () => undefined;
    await expect(transport.request({ ...get, method: 'PUT' })).rejects.toThrow(
      'PUT /api/v1/namespaces: no answer within 50 ms',
    );
    expect(outcomes).toEqual(['error']);
  });

  it('stops when its caller does, also while it waits to ask again', async () => {
    const stopping = new AbortController();
    answer = (_request, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end();
      setImmediate(() => {
        stopping.abort();
      });
    };
    await expect(transport.request({ ...get, signal: stopping.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('gives the complete lines of a stream, whatever pieces they come in, and no torn one', async () => {
    const text = Buffer.from('{"a":"größer"}\n\n{"b":1}\n{"torn');
    answer = (_request, response) => {
      for (const byte of text) response.write(Buffer.of(byte));
      response.end();
    };
    const lines: string[] = [];
    for await (const line of transport.stream({ ...get, signal: new AbortController().signal })) lines.push(line);
    expect(lines).toEqual(['{"a":"größer"}', '{"b":1}']);
  });

  it('ends a stream that is silent for too long', async () => {
    answer = (_request, response) => response.write('{"a":1}\n');
    const got: string[] = [];
    const read = async (): Promise<void> => {
      for await (const line of transport.stream({ ...get, signal: new AbortController().signal })) got.push(line);
    };
    await expect(read()).rejects.toThrow('Body Timeout');
    expect(got).toEqual(['{"a":1}']);
  });
});
