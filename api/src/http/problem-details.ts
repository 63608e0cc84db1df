import fastifyPlugin from 'fastify-plugin';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '@hortus/contracts/errors';
import { readQuotaError } from '../quota/quota-problem.ts';
import { ObjectStoreAwayError, ObjectStoreFullError } from '@hortus/service/object-store';
import { PROBLEM_MEDIA_TYPE, ProblemError, toProblem } from '@hortus/service/problem';
import { collectKnownMethods } from './known-methods.ts';

/** What Fastify itself throws, in the words of the contract. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_NOT_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BODY_NOT_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_INVALID',
};

/** PostgreSQL can't hold what it was given: a NUL, half of a surrogate pair, a number that is too large, a text that is too long. */
const NOT_HELD = /^(22P05|22021|22003|22001)$/;

/** PostgreSQL and the network say that the database is away; asking again later is right. */
const AWAY = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE)$/;
const AWAY_MESSAGE = /Connection terminated|timeout expired|Timeout acquiring a connection|Client has encountered/;

function isDatabaseAway(error: Error & { code?: unknown }): boolean {
  return (typeof error.code === 'string' && AWAY.test(error.code)) || AWAY_MESSAGE.test(error.message);
}

function fromValidation(error: FastifyError): ProblemError {
  const part = error.validationContext ?? 'body';
  const errors = (error.validation ?? []).slice(0, 20).map((fault) => {
    const unknown = fault.params['additionalProperty'];
    const missing = fault.params['missingProperty'];
    const field = typeof unknown === 'string' ? `/${unknown}` : typeof missing === 'string' ? `/${missing}` : '';
    const message =
      typeof unknown === 'string'
        ? 'is not a field of this operation'
        : typeof missing === 'string'
          ? 'is missing'
          : fault.keyword === 'pattern' && String(fault.params['pattern']).includes('u0000')
            ? 'must not contain the character NUL or half of a surrogate pair'
            : (fault.message ?? 'is not of the expected form');
    return { field: `/${part}${fault.instancePath}${field}`, message };
  });
  const first = errors[0];
  const detail = first === undefined ? 'The request is not of the expected form.' : `${first.field} ${first.message}.`;
  return new ProblemError('REQUEST_INVALID', detail, { errors });
}

/** Any error as one that the caller may see. What is not foreseen tells the caller nothing of its inside. */
function toProblemError(error: FastifyError): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error.validation !== undefined) return fromValidation(error);
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new ProblemError(code, `${error.message}.`, { cause: error });
  const quota = readQuotaError(error);
  if (quota !== undefined) return quota;
  if (error instanceof ObjectStoreFullError) {
    return new ProblemError('STORAGE_FULL', 'Nothing was changed. Tell whoever runs this instance.', { cause: error });
  }
  if (NOT_HELD.test(error.code)) {
    const detail = 'A text or a number can not be stored. Send no NUL and no half of a surrogate pair, and less of it.';
    return new ProblemError('REQUEST_INVALID', detail, { cause: error });
  }
  if (error instanceof ObjectStoreAwayError || isDatabaseAway(error)) {
    return new ProblemError('UNAVAILABLE', 'Nothing was changed. Try again in a moment.', { cause: error });
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new ProblemError('REQUEST_INVALID', error.message, { cause: error });
  }
  return new ProblemError('INTERNAL', 'Try again; if it goes on, tell whoever runs this instance the request id.', {
    cause: error,
  });
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): void {
  const { code, message, extras, status } = problem;
  if (status === 503) reply.header('retry-after', '2');
  if (status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '10');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply
    .status(status)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(toProblem(code, { detail: message, requestId: request.id, extras }));
}

/** What Fastify's router refuses before there is a route: an address that can't be decoded, or a part of it that is too long. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.log.info({ cause: error.code }, 'the address was refused');
  sendProblem(
    request,
    reply,
    new ProblemError('REQUEST_INVALID', 'The address is not well-formed, or a part of it is too long.'),
  );
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

const plugin: FastifyPluginAsync = async (app) => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblemError(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'the request failed');
    else request.log.info({ code: problem.code, detail: problem.message }, 'the request was refused');
    sendProblem(request, reply, problem);
  });
  const known = collectKnownMethods(app);

  function notKnown(request: FastifyRequest, reply: FastifyReply): ProblemError {
    const path = pathOf(request);
    const asked = `${request.method} ${path.slice(0, 200)}`;
    const methods = known.at(path).join(', ');
    if (methods === '') return new ProblemError('NOT_FOUND', `${asked} is not known here.`);
    reply.header('allow', methods);
    return new ProblemError('METHOD_NOT_ALLOWED', `${asked} is not known here; this is: ${methods}.`);
  }

  // Before a body is read, which is nobody's here.
  app.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request);
    if (request.is404 || (request.routeOptions.url !== path && known.isLiteral(path))) throw notKnown(request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    sendProblem(request, reply, notKnown(request, reply));
  });
};

/** Every error leaves the api as problem details, RFC 9457. */
export const problemDetails = fastifyPlugin(plugin, { name: 'problem-details', fastify: '5.x' });
