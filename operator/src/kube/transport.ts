import { setTimeout as pause } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { startDeadline } from './deadline.ts';
import { toKubeError, type KubeError } from './kube-error.ts';
import type { TokenBucket } from './token-bucket.ts';

/** How to reach a cluster. */
export interface Endpoint {
  /** Address of the API server; a path before `/api` is kept. */
  readonly server: string;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly rejectUnauthorized?: boolean;
  };
  /** Headers that prove who asks. Asked anew for each request, since tokens in a pod are replaced on disk every hour. */
  readonly authorize: () => Promise<Readonly<Record<string, string>>>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface KubeRequest {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Told of each try: what was asked, and how it went (the HTTP status, or why there was none). */
export type RequestObserver = (request: KubeRequest, outcome: number | 'error', seconds: number) => void;

export interface TransportOptions {
  readonly endpoint: Endpoint;
  /** The client-side limit; watches don't count. */
  readonly bucket: TokenBucket;
  readonly userAgent: string;
  readonly observe?: RequestObserver;
  /** How long each verb may take, without the waiting for a turn. */
  readonly timeoutsMs?: Partial<Record<Method, number>>;
  /** A watch that is silent for so long is taken for dead: the server sends a bookmark about every minute. */
  readonly silenceMaxMs?: number;
}

const TIMEOUTS_MS: Readonly<Record<Method, number>> = {
  GET: 30_000,
  POST: 30_000,
  PUT: 30_000,
  PATCH: 30_000,
  DELETE: 30_000,
};
const SILENCE_MAX_MS = 150_000;
/** As client-go: a server that says when to come again is asked so many times. */
const RETRIES_MAX = 10;
const RETRY_AFTER_MAX_MS = 60_000;
/** A refusal is read up to here, in characters. */
const REFUSAL_MAX = 64 * 1024;
/** One object may have 1.5 MB; a line of a watch that is longer than this is no object. */
const LINE_MAX = 16 * 1024 * 1024;

/**
 * Requests over one pool of connections. The library's own client opens a connection per request.
 *
 * A request that the server put off (429, or 503 with `Retry-After`) is repeated after as long as it said: it was not begun.
 * Nothing else is repeated here, since only the caller knows whether it may be.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #agent: Agent;
  readonly #origin: string;
  readonly #prefix: string;

  constructor(options: TransportOptions) {
    this.#options = options;
    const url = new URL(options.endpoint.server);
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/$/, '');
    this.#agent = new Agent({ connect: { ...options.endpoint.tls, timeout: 10_000 }, connections: 64, allowH2: false });
  }

  /** @returns the answer, parsed; @throws KubeError for a refusal, else what broke the connection */
  async request<Answer>(request: KubeRequest): Promise<Answer> {
    for (let tries = 0; ; tries += 1) {
      await this.#waitForTurn(request.signal);
      const outcome = await this.#try(request);
      if ('answer' in outcome) return outcome.answer as Answer;
      const { error } = outcome;
      const isPutOff = (error.code === 429 || error.code === 503) && error.retryAfterMs !== undefined;
      if (!isPutOff || tries >= RETRIES_MAX) throw error;
      await pause(Math.min(error.retryAfterMs, RETRY_AFTER_MAX_MS), undefined, withSignal(request.signal));
    }
  }

  /** The complete lines of an answer that goes on; a last line without its end is left out, since it is torn. */
  async *stream(request: KubeRequest & { readonly signal: AbortSignal }): AsyncGenerator<string, void, undefined> {
    const began = performance.now();
    const response = await this.#send(request, { bodyTimeout: this.#options.silenceMaxMs ?? SILENCE_MAX_MS });
    this.#options.observe?.(request, response.statusCode, (performance.now() - began) / 1000);
    if (response.statusCode !== 200) throw await readRefusal(response, request);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      if (rest.length > LINE_MAX)
        throw new Error(`${describe(request)}: a line is longer than ${String(LINE_MAX)} characters`);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield line;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #waitForTurn(signal: AbortSignal | undefined): Promise<void> {
    const waitMs = this.#options.bucket.reserve();
    if (waitMs > 0) await pause(waitMs, undefined, withSignal(signal));
  }

  async #try(request: KubeRequest): Promise<{ answer: unknown } | { error: KubeError }> {
    const began = performance.now();
    const observe = (outcome: number | 'error'): void => {
      this.#options.observe?.(request, outcome, (performance.now() - began) / 1000);
    };
    const timeoutMs = this.#options.timeoutsMs?.[request.method] ?? TIMEOUTS_MS[request.method];
    const deadline = startDeadline(timeoutMs, request.signal);
    try {
      const response = await this.#send({ ...request, signal: deadline.signal });
      if (response.statusCode >= 300) {
        const error = await readRefusal(response, request);
        observe(response.statusCode);
        return { error };
      }
      const answer = await response.body.json();
      observe(response.statusCode);
      return { answer };
    } catch (error) {
      observe('error');
      if (deadline.hasPassed()) {
        throw new Error(`${describe(request)}: no answer within ${String(timeoutMs)} ms`, { cause: error });
      }
      throw error;
    } finally {
      deadline.clear();
    }
  }

  async #send(request: KubeRequest, options: { bodyTimeout?: number } = {}): Promise<Dispatcher.ResponseData> {
    const {
      method,
      path,
      query = {},
      accept = 'application/json',
      contentType = 'application/json',
      body,
      signal,
    } = request;
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][]).toString()}`;
    return this.#agent.request({
      origin: this.#origin,
      path: `${this.#prefix}${path}${search}`,
      method,
      headers: {
        accept,
        'user-agent': this.#options.userAgent,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...(await this.#options.endpoint.authorize()),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
      ...options,
    });
  }
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function describe({ method, path }: KubeRequest): string {
  return `${method} ${path}`;
}

async function readRefusal(response: Dispatcher.ResponseData, request: KubeRequest): Promise<KubeError> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > REFUSAL_MAX) break;
  }
  const retryAfter = response.headers['retry-after'];
  return toKubeError(
    response.statusCode,
    text,
    Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    describe(request),
  );
}
