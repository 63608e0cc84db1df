/**
 * A real HTTP server in place of the api, for tests of the worker alone and for recording histories: it knows the internal
 * operations that the worker calls, keeps what it is told, and answers as it is asked to.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERRORS, type ErrorCode } from '@hortus/contracts/errors';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
  readonly atMs: number;
}

/** What to answer instead: a problem, or `hang up`. Undefined for the usual answer. */
export type Trouble = (request: Received) => ErrorCode | 'hang up' | undefined;

export class StandInApi {
  readonly received: Received[] = [];
  /** Answers of operations that have one, by the end of their path. */
  readonly answers: Record<string, unknown> = {};
  trouble: Trouble = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request).then((received) => {
        const trouble = this.trouble(received);
        if (trouble === 'hang up') {
          response.destroy();
        } else if (trouble === undefined) {
          const answer = Object.entries(this.answers).find(([end]) => received.path.endsWith(end))?.[1];
          if (answer === undefined) response.writeHead(204).end();
          else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        } else {
          const { status, title } = ERRORS[trouble];
          response
            .writeHead(status, { 'content-type': 'application/problem+json' })
            .end(JSON.stringify({ code: trouble, status, title, detail: `${title}.` }));
        }
      });
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The bodies of all requests whose path ends so, in the order of their coming. */
  bodies<Body>(end: string): Body[] {
    return this.received.filter(({ path }) => path.endsWith(end)).map(({ body }) => body as Body);
  }

  async waitFor(count: number, end: string, timeoutMs = 60_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.bodies(end).length < count) {
      if (Date.now() > until) throw new Error(`fewer than ${String(count)} requests to …${end}`);
      await sleep(10);
    }
  }

  async #take(request: IncomingMessage): Promise<Received> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const received: Received = {
      method: request.method ?? '',
      path: (request.url ?? '').split('?', 1)[0] ?? '',
      authorization: request.headers.authorization,
      body: text === '' ? undefined : JSON.parse(text),
      atMs: performance.now(),
    };
    this.received.push(received);
    return received;
  }
}
