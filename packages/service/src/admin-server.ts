import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry, collectDefaultMetrics, type OpenMetricsContentType } from 'prom-client';

/** One thing that must hold before a program takes work, such as "the database answers". Throws when it does not. */
export type ReadinessCheck = () => Promise<void> | void;

export interface AdminServer {
  readonly port: number;
  /** From now on `/readyz` answers 503, so that no new work is sent here; `/livez` stays 200. */
  drain(): void;
  close(): Promise<void>;
}

const CHECK_TIMEOUT_MS = 2000;

/** A registry that speaks OpenMetrics, which carries exemplars, with the figures of the process itself. */
export function createMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  return registry;
}

async function withTimeout(check: ReadinessCheck, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readiness(
  checks: Readonly<Record<string, ReadinessCheck>>,
  timeoutMs: number,
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeout(check, timeoutMs);
        return [name, 'ok'] as const;
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)] as const;
      }
    }),
  );
  return Object.fromEntries(entries);
}

/**
 * The admin port: `/livez` (the process runs), `/readyz` (it can do its work; a JSON object names each check) and
 * `/metrics`. Nothing of it is on the public port.
 */
export async function startAdminServer(options: {
  host: string;
  port: number;
  registry: Registry<OpenMetricsContentType>;
  checks: Readonly<Record<string, ReadinessCheck>>;
  /** How long one check may take before it counts as not holding. */
  checkTimeoutMs?: number;
}): Promise<AdminServer> {
  const checkTimeoutMs = options.checkTimeoutMs ?? CHECK_TIMEOUT_MS;
  let draining = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (path === '/livez') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    } else if (path === '/readyz') {
      const results = draining
        ? { shutdown: 'the program is shutting down' }
        : await readiness(options.checks, checkTimeoutMs);
      const ready = Object.values(results).every((result) => result === 'ok');
      response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(results));
    } else if (path === '/metrics') {
      const text = await options.registry.metrics();
      response.writeHead(200, { 'content-type': options.registry.contentType }).end(text);
    } else {
      response.writeHead(404).end();
    }
  }

  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    drain: () => {
      draining = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
