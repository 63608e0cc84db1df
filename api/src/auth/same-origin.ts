import type { FastifyRequest } from 'fastify';
import { ProblemError } from '@hortus/service/problem';

/**
 * A page of another origin must not act on the cookie, nor sign somebody in. SameSite=Strict keeps it away already; this
 * holds where a neighbour on the same site (another port, a sibling host) is hostile.
 */
export function assertSameOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && origin !== 'null' && URL.parse(origin)?.host === request.host) return;
  if (origin === undefined && request.headers['sec-fetch-site'] !== 'cross-site') return;
  throw new ProblemError('ORIGIN_NOT_ALLOWED', 'Open the product at its own address and try again.');
}
