import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import { IDEMPOTENCY_KEY_HEADER } from '@hortus/contracts/idempotency';
import { ProblemError } from '@hortus/service/problem';
import { askIn, askWithin, type Ask } from '../db/one-trip.ts';
import { withScope, type Scope } from '../db/scope.ts';
import { memberOf } from '../http/authenticate.ts';
import { findAnswer, insertAnswer, tryHoldKey } from './idempotency-repo.ts';
import { createSealer } from './sealer.ts';

/** An answer as it is given, and kept for when the request is repeated. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Body;
}

/**
 * Answers a request of a member by what `work` does in a transaction of the workspace; once only for each `Idempotency-Key`.
 * The answer commits together with the work, so that a crash between the commit and the answer leaves both or neither.
 *
 * @param within the workspace and person of the request, where it is not that of a member
 * @throws ProblemError IDEMPOTENCY_KEY_IN_USE while the first request is under way, IDEMPOTENCY_KEY_REUSED where the key
 *   belongs to another request; what `work` throws, and then the key is free again
 */
export interface AnswerOnce {
  <Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (tx: Knex.Transaction) => Promise<Answer<Body>>,
    within?: Within,
  ): Promise<Body>;
  /** The same by what `work` asks, and it asks once: without a key that is a transaction of one trip. */
  inOneTrip<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (ask: Ask) => Promise<Answer<Body>>,
  ): Promise<Body>;
}

export interface Within {
  readonly workspaceId: string;
  readonly userId: string;
}

/** One text for equal bodies, in whatever order their fields stand. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function hashOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${canonical(body ?? null)}`)
    .digest('hex');
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers[IDEMPOTENCY_KEY_HEADER];
  return typeof key === 'string' ? key : null;
}

/** Where a person makes a workspace: its id is the same for the same key, so that the answer is kept in the workspace itself. */
export function withinNewWorkspace(request: FastifyRequest, userId: string): Within {
  const key = keyOf(request);
  if (key === null) return { workspaceId: randomUUID(), userId };
  const hex = createHash('sha256').update(`workspace ${userId} ${key}`).digest('hex');
  // Version 8 of RFC 9562: bits of one's own.
  const workspaceId = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
  return { workspaceId, userId };
}

/** @param key encrypts the kept answers, since one may hold a secret that is kept nowhere else */
export function createAnswerOnce(knex: Knex, key: Buffer): AnswerOnce {
  const sealer = createSealer(key);

  async function answer<Body>(
    request: FastifyRequest,
    keyText: string,
    { workspaceId, userId }: Within,
    work: (tx: Knex.Transaction) => Promise<Answer<Body>>,
  ): Promise<Answer<Body> & { isReplayed: boolean }> {
    const owner = { workspaceId: workspaceId.toLowerCase(), userId, key: keyText };
    const place = JSON.stringify(owner);
    const requestHash = hashOf(request);
    return withScope(knex, { workspaceId, userId }, async (tx) => {
      if (!(await tryHoldKey(tx, owner))) {
        throw new ProblemError('IDEMPOTENCY_KEY_IN_USE', 'Wait for its answer, or repeat it in a moment.');
      }
      // A statement of its own behind the lock: it sees what the holder before has committed.
      const known = await findAnswer(tx, owner);
      if (known === undefined) {
        const done = await work(tx);
        await insertAnswer(tx, owner, { requestHash, sealedAnswer: sealer.seal(done, place) });
        return { ...done, isReplayed: false };
      }
      if (known.requestHash !== requestHash) {
        const detail = 'Send a new key with a new request; nothing was done for this one.';
        throw new ProblemError('IDEMPOTENCY_KEY_REUSED', detail);
      }
      return { ...(sealer.open(known.sealedAnswer, place) as Answer<Body>), isReplayed: true };
    });
  }

  function send<Body>(
    reply: FastifyReply,
    { status, headers, body, isReplayed = false }: Answer<Body> & { isReplayed?: boolean },
  ): Body {
    if (isReplayed) reply.header('idempotency-replayed', 'true');
    reply.status(status).headers({ ...headers, 'cache-control': 'no-store' });
    return body;
  }

  async function answerOnce<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (tx: Knex.Transaction) => Promise<Answer<Body>>,
    within?: Within,
  ): Promise<Body> {
    const key = keyOf(request);
    if (key !== null) return send(reply, await answer(request, key, within ?? memberOf(request), work));
    const scope: Scope = within ?? { workspaceId: memberOf(request).workspaceId };
    return send(reply, await withScope(knex, scope, work));
  }

  return Object.assign(answerOnce, {
    async inOneTrip<Body>(request: FastifyRequest, reply: FastifyReply, work: (ask: Ask) => Promise<Answer<Body>>) {
      if (keyOf(request) !== null) return answerOnce(request, reply, (tx) => work(askWithin(tx)));
      return send(reply, await work(askIn(knex, { workspaceId: memberOf(request).workspaceId })));
    },
  });
}
