import type { FastifyRequest } from 'fastify';
import { ProblemError } from '@hortus/service/problem';

/** The revisions that a writer says it saw; `any` for `*`. */
export type Expected = 'any' | readonly string[];

export function etagOf(revision: number): string {
  return `"r${String(revision)}"`;
}

/**
 * The revisions that a writer says it saw; `any` for `*`.
 *
 * @throws ProblemError IF_MATCH_REQUIRED without the header, REQUEST_INVALID when it is no list of strong entity tags.
 *   A weak tag (`W/"…"`) never matches a write (RFC 9110 §13.1.1), so it is read as one that nothing has.
 */
export function readIfMatch(request: Pick<FastifyRequest, 'headers'>): Expected {
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new ProblemError('IF_MATCH_REQUIRED', 'Send the `ETag` of what you saw as the header `If-Match`.');
  }
  if (header.trim() === '*') return 'any';
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.length > 50 || !tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw new ProblemError('REQUEST_INVALID', 'The header `If-Match` must be an `ETag` of this api, such as "r3".');
  }
  return tags;
}

export function matches(expected: Expected, revision: number): boolean {
  return expected === 'any' || expected.includes(etagOf(revision));
}
