import type { Server } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import type { FastifyHttpOptions } from 'fastify';

/** What one client, or all together, may take of the server before it says no. */
export interface ServerLimits {
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the end of the headers to the end of a JSON body. */
  readonly bodyTimeoutMs: number;
  /** From the first byte of a request to the last of its body: an upload may be slow. */
  readonly uploadTimeoutMs: number;
  /** For how long a connection may be silent in the middle of a request or an answer. */
  readonly silenceTimeoutMs: number;
  /** How often the times of headers and uploads are looked at. */
  readonly checkIntervalMs: number;
  readonly connectionsMax: number;
  /** Above this mean delay of the event loop requests are turned away; 0 for never. */
  readonly eventLoopDelayMaxMs: number;
  readonly heapUsedMaxBytes: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 30_000,
  uploadTimeoutMs: 60 * 60_000,
  silenceTimeoutMs: 120_000,
  checkIntervalMs: 5000,
  connectionsMax: 10_000,
  eventLoopDelayMaxMs: 1000,
  heapUsedMaxBytes: getHeapStatistics().heap_size_limit * 0.9,
};

/** JSON bodies are small: the longest description, tags and metadata fit four times over. */
const JSON_BODY_MAX_BYTES = 512 * 1024;
/** All headers of a request together, its first line included. */
const HEADERS_MAX_BYTES = 16 * 1024;
/** After so many requests a connection is closed, so that none stays at one replica for ever. */
const REQUESTS_PER_CONNECTION_MAX = 10_000;

/** @param trustedProxies the comma-separated addresses whose `X-Forwarded-…` are believed; nobody's without */
export function serverOptions(limits: ServerLimits, trustedProxies: string | undefined): FastifyHttpOptions<Server> {
  return {
    bodyLimit: JSON_BODY_MAX_BYTES,
    requestTimeout: limits.uploadTimeoutMs,
    connectionTimeout: limits.silenceTimeoutMs,
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: REQUESTS_PER_CONNECTION_MAX,
    trustProxy: trustedProxies === undefined ? false : trustedProxies.split(',').map((address) => address.trim()),
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      maxHeaderSize: HEADERS_MAX_BYTES,
    },
    // A tag of 50 characters of four bytes each, percent-encoded.
    routerOptions: { maxParamLength: 600 },
    // Requests that arrive while it closes are answered: readiness is off by then, so they are the last.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  };
}
