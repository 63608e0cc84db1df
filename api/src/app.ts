import fastifyCookie from '@fastify/cookie';
import fastifyJwt from '@fastify/jwt';
import fastifySwagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify';
import type { Knex } from 'knex';
import type { ObjectStore } from '@hortus/service/object-store';
import { artifactRoutes } from './artifacts/artifact-routes.ts';
import { createArtifactPresenter } from './artifacts/artifact-presenter.ts';
import { artifactBatchRoutes } from './artifacts/artifact-batch-routes.ts';
import { findRoutes } from './artifacts/find-routes.ts';
import { gardenRoutes } from './artifacts/garden-routes.ts';
import { uploadRoutes } from './artifacts/upload-routes.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { zipRoutes } from './artifacts/zip-routes.ts';
import { versionRoutes } from './artifacts/version-routes.ts';
import { accessTokenOptions, createAccessTokens } from './auth/access-token.ts';
import { accountRoutes } from './auth/account-routes.ts';
import { authRoutes } from './auth/auth-routes.ts';
import { createGuessGuard } from './auth/guess-guard.ts';
import { deriveKeys } from './auth/keys.ts';
import { createSessionAnswers } from './auth/session-answers.ts';
import type { PasswordHasher } from './auth/password.ts';
import { createPasswordCheck, readCommonPasswords } from './auth/password-policy.ts';
import { registrationRoutes } from './auth/registration-routes.ts';
import type { ApiConfig } from './config.ts';
import { createAddressSigner } from './delivery/address-signer.ts';
import { deliveryRoutes } from './delivery/delivery-routes.ts';
import { demoRoutes } from './demo/demo-routes.ts';
import { docsRoutes } from './docs/docs-routes.ts';
import type { EventBus } from './events/event-bus.ts';
import { eventRoutes } from './events/event-routes.ts';
import { createChallenges } from './factors/challenge.ts';
import { factorRoutes } from './factors/factor-routes.ts';
import { authenticate } from './http/authenticate.ts';
import { bodyLimits } from './http/body-limits.ts';
import { answerClientError } from './http/client-error.ts';
import { createCursors } from './http/cursor.ts';
import { healthRoutes } from './http/health-routes.ts';
import { openApi } from './http/open-api.ts';
import { overload } from './http/overload.ts';
import { answerFrameworkError, problemDetails } from './http/problem-details.ts';
import { rateLimits } from './http/rate-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { SERVER_LIMITS, serverOptions, type ServerLimits } from './http/server-limits.ts';
import { createValidatorCompiler } from './http/validation.ts';
import { webApp } from './http/web-app.ts';
import { createAnswerOnce } from './idempotency/idempotency-service.ts';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { ApiMetrics } from './metrics.ts';
import { createOpenIdClient } from './open-id/open-id-client.ts';
import { openIdRoutes } from './open-id/open-id-routes.ts';
import { passkeyRoutes } from './passkeys/passkey-routes.ts';
import { quotaRoutes } from './quota/quota-routes.ts';
import { shareRoutes } from './shares/share-routes.ts';
import { tagRoutes } from './tags/tag-routes.ts';
import { apiTokenRoutes } from './tokens/api-token-routes.ts';
import { trashRoutes } from './trash/trash-routes.ts';
import { tusRoutes } from './uploads/tus-routes.ts';
import { removalRoutes } from './workspaces/removal-routes.ts';
import { workspaceRoutes } from './workspaces/workspace-routes.ts';

export interface AppDependencies {
  readonly config: ApiConfig;
  readonly knex: Knex;
  readonly store: ObjectStore;
  readonly hasher: PasswordHasher;
  readonly bus: EventBus;
  readonly metrics: ApiMetrics;
  readonly logger: FastifyBaseLogger;
  /** Told of every route as it is registered. */
  readonly onRoute?: (route: RouteOptions) => void;
  /** How often an event stream says that it is there; 15 seconds. */
  readonly heartbeatMs?: number;
  readonly limits?: ServerLimits;
  /** Milliseconds, from any beginning, by which guesses at passwords are slowed; `performance.now`. */
  readonly guessClock?: () => number;
}

/** Addresses for archives and of shared pictures are good for one to two times this. */
const BRIEF_SECONDS = 10 * 60;

/**
 * What is logged of a request. The query is left out: the signature of an address is in it, or what somebody put there; and
 * the token of a share.
 */
function describeRequest(request: FastifyRequest): Record<string, unknown> {
  const url = request.url.split('?', 1)[0]?.replace(/(?<=\/shares\/)[^/]+/, '…');
  return { method: request.method, url, host: request.host, remoteAddress: request.ip };
}

function createProvider({ oidcIssuer, oidcClientId, oidcClientSecret, oidcName, publicUrl }: ApiConfig) {
  if (oidcIssuer === undefined) return null;
  const settings = { issuer: oidcIssuer, clientId: oidcClientId, clientSecret: oidcClientSecret, publicUrl };
  return { name: oidcName, client: createOpenIdClient(settings) };
}

/** The api without a socket: the composition root, and the map of what there is. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { config, knex, store, hasher, bus, metrics, logger, onRoute, heartbeatMs, guessClock } = dependencies;
  const { limits = { ...SERVER_LIMITS, eventLoopDelayMaxMs: config.loopDelayMaxMs } } = dependencies;
  const app = Fastify({
    loggerInstance: logger.child({}, { serializers: { req: describeRequest } }),
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    ...serverOptions(limits, config.trustedProxies),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = limits.connectionsMax;
  if (onRoute) app.addHook('onRoute', onRoute);

  app.setValidatorCompiler(createValidatorCompiler());

  const keys = deriveKeys(config.secretKey);
  const signer = createAddressSigner(keys.address);
  const temporalPage = { url: config.temporalUiUrl, namespace: config.temporalNamespace };
  const presenter = createArtifactPresenter(signer, temporalPage);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('hortus-request-id', request.id);
  });
  // What is answered while it closes is the last of its connection; else closing would wait until that times out.
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.requestDurationSeconds.observe(
      {
        http_request_method: request.method,
        http_route: request.routeOptions.url ?? 'unknown',
        http_response_status_code: reply.statusCode,
      },
      reply.elapsedTime / 1000,
    );
  });
  await app.register(securityHeaders, { isBehindTls: config.publicUrl.startsWith('https:') });
  await app.register(problemDetails);
  await app.register(overload, limits);
  await app.register(bodyLimits, limits);
  await app.register(fastifyCookie);
  await app.register(rateLimits, {
    limits: {
      perAddress: config.ratePerAddress,
      perAddressSignedOut: config.ratePerAddressSignedOut,
      perCaller: config.ratePerCaller,
    },
    redisUrl: config.redisUrl,
    metrics,
  });
  await app.register(fastifySwagger, openApi);
  await app.register(fastifyJwt, accessTokenOptions(keys.accessToken));
  const accessTokens = createAccessTokens(app.jwt);
  const cursors = createCursors(keys.cursor);
  await app.register(authenticate, {
    knex,
    accessTokens,
    serviceKey: config.serviceKey,
    sessionIdleDays: config.sessionIdleDays,
  });

  await app.register(healthRoutes);
  const lifetimes = { lifetimeDays: config.sessionLifetimeDays, idleDays: config.sessionIdleDays };
  const signInParts = {
    knex,
    hasher,
    lifetimes,
    guard: createGuessGuard(guessClock),
    refreshKey: keys.refreshToken,
    factorKey: keys.factorSecret,
    challenges: createChallenges(keys.challenge),
    answers: createSessionAnswers(accessTokens, lifetimes),
  };
  await app.register(authRoutes, signInParts);
  await app.register(factorRoutes, signInParts);
  await app.register(passkeyRoutes, { ...signInParts, publicUrl: config.publicUrl });
  await app.register(openIdRoutes, {
    ...signInParts,
    provider: createProvider(config),
    mayRegister: config.registration === 'open',
  });
  const isTooCommon = createPasswordCheck(readCommonPasswords());
  const mail = { publicUrl: config.publicUrl, isOn: config.smtpUrl !== undefined };
  await app.register(accountRoutes, { knex, hasher, isTooCommon, lifetimes, mail });
  const { registration } = config;
  await app.register(registrationRoutes, { knex, hasher, isTooCommon, registration, mail });
  const answerOnce = createAnswerOnce(knex, keys.answer);
  await app.register(workspaceRoutes, { knex, cursors, graceDays: config.workspaceGraceDays, answerOnce });
  await app.register(invitationRoutes, { knex, cursors, mail, hasher, isTooCommon, registration, answerOnce });
  await app.register(removalRoutes, { knex, cursors });
  await app.register(apiTokenRoutes, { knex, cursors, answerOnce });
  await app.register(artifactRoutes, { knex, store, presenter, answerOnce });
  await app.register(findRoutes, { knex, presenter, cursors });
  await app.register(versionRoutes, { knex, store, presenter, cursors, answerOnce });
  await app.register(artifactBatchRoutes, { answerOnce });
  const briefSigner = createAddressSigner(keys.address, Date.now, BRIEF_SECONDS);
  await app.register(zipRoutes, { knex, store, signer: briefSigner });
  const briefPresenter = createArtifactPresenter(briefSigner, temporalPage);
  await app.register(shareRoutes, { knex, store, presenter: briefPresenter, cursors, answerOnce });
  const { trashKeptDays } = config;
  await app.register(trashRoutes, { knex, store, presenter, cursors, answerOnce, trashKeptDays });
  await app.register(auditRoutes, { knex, cursors });
  await app.register(tagRoutes, { knex });
  await app.register(uploadRoutes, { knex, store, presenter, metrics, uploadMaxBytes: config.uploadMaxBytes });
  const { uploadMaxBytes, uploadKeptHours: keptHours } = config;
  await app.register(quotaRoutes, { knex });
  await app.register(tusRoutes, { knex, store, presenter, metrics, uploadMaxBytes, keptHours });
  await app.register(eventRoutes, { knex, bus, presenter, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) });
  await app.register(deliveryRoutes, { store, signer });
  await app.register(gardenRoutes, { knex, store });
  await app.register(demoRoutes, { knex, hasher, demoPassword: config.demoPassword });
  await app.register(docsRoutes);
  if (config.webFolder !== undefined) await app.register(webApp, { folder: config.webFolder });
  return app;
}
