import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import { IDEMPOTENCY_KEY_HEADER } from '@hortus/contracts/idempotency';
import { ProblemError } from '@hortus/service/problem';
import { askIn, askWithin, type Ask } from '../db/one-trip.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
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
 * Answers a request of a member by what `work` does in the workspace; once only for each `Idempotency-Key`. `inTransaction` gives
 * it a transaction; `inOneTrip` has it ask once, which without a key is a transaction of one trip.
 *
 * The answer commits together with the work, so that a crash between the commit and the answer leaves both or neither.
 *
 * @throws ProblemError IDEMPOTENCY_KEY_IN_USE while the first request is under way, IDEMPOTENCY_KEY_REUSED where the key
 *   belongs to another request; what `work` throws, and then the key is free again
 */
export interface AnswerOnce {
  inTransaction<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (tx: Knex.Transaction) => Promise<Answer<Body>>,
  ): Promise<Body>;
  inOneTrip<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (ask: Ask) => Promise<Answer<Body>>,
  ): Promise<Body>;
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

/** @param key encrypts the kept answers, since one may hold a secret that is kept nowhere else */
export function createAnswerOnce(knex: Knex, key: Buffer): AnswerOnce {
  const sealer = createSealer(key);

  async function answer<Body>(
    request: FastifyRequest,
    keyText: string,
    work: (tx: Knex.Transaction) => Promise<Answer<Body>>,
  ): Promise<Answer<Body> & { isReplayed: boolean }> {
    const { workspaceId, userId } = memberOf(request);
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

  async function answerOnce<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: { within(tx: Knex.Transaction): Promise<Answer<Body>>; withoutKey(): Promise<Answer<Body>> },
  ): Promise<Body> {
    const keyText = request.headers[IDEMPOTENCY_KEY_HEADER];
    const { status, headers, body, isReplayed } =
      typeof keyText === 'string'
        ? await answer(request, keyText, work.within)
        : { ...(await work.withoutKey()), isReplayed: false };
    if (isReplayed) reply.header('idempotency-replayed', 'true');
    reply.status(status).headers({ ...headers, 'cache-control': 'no-store' });
    return body;
  }

  const workspaceOf = (request: FastifyRequest) => memberOf(request).workspaceId;
  return {
    inTransaction: (request, reply, work) =>
      answerOnce(request, reply, {
        within: work,
        withoutKey: () => withWorkspace(knex, workspaceOf(request), work),
      }),
    inOneTrip: (request, reply, work) =>
      answerOnce(request, reply, {
        within: (tx) => work(askWithin(tx)),
        withoutKey: () => work(askIn(knex, { workspaceId: workspaceOf(request) })),
      }),
  };
}
