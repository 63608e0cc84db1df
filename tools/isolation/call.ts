import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '@hortus/contracts/endpoint';

/** The parts of a request that its operation does not fix. */
export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let addresses = 0;

/** An address in a block that nobody else has, so that a limit per address is not met. */
export function freshAddress(): string {
  addresses += 1;
  return `10.${[0, 8, 16].map((shift) => String((addresses >> shift) & 0xff)).join('.')}`;
}

export function urlOf(endpoint: Pick<Endpoint, 'url'>, { params = {}, query = {} }: Asked): string {
  const path = endpoint.url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** As much of a stream as comes with the headers; all of any other body. */
async function readBody(stream: Readable, isEndless: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  if (isEndless) {
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    stream.destroy();
    return chunk.toString();
  }
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Only against a mutant that leaves its caller waiting. */
const ANSWER_TIMEOUT_MS = 15_000;
const NO_ANSWER: Answer = { status: 0, headers: {}, body: '' };

/** What is answered; status 0 where nothing is. */
export async function call(...request: Parameters<typeof ask>): Promise<Answer> {
  const late = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => {
    late.resolve(NO_ANSWER);
  }, ANSWER_TIMEOUT_MS);
  try {
    return await Promise.race([ask(...request), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(
  app: FastifyInstance,
  endpoint: Endpoint,
  asked: Asked,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await app.inject({
    method: endpoint.method,
    url: urlOf(endpoint, asked),
    headers: { ...headers, ...asked.headers },
    remoteAddress: freshAddress(),
    payloadAsStream: true,
    ...(asked.body === undefined ? {} : { payload: asked.body }),
  });
  const received = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : String(value),
    ]),
  );
  const isEndless = received['content-type']?.startsWith('text/event-stream') ?? false;
  return { status: response.statusCode, headers: received, body: await readBody(response.stream(), isEndless) };
}
