import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyJwt from '@fastify/jwt';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify';
import type { Knex } from 'knex';
import { ProblemError } from '@hortus/service/problem';
import type { FolderObjectStore } from '@hortus/service/object-store';
import { artifactRoutes } from './artifacts/artifact-routes.ts';
import { createArtifactPresenter } from './artifacts/artifact-presenter.ts';
import { gardenRoutes } from './artifacts/garden-routes.ts';
import { uploadRoutes } from './artifacts/upload-routes.ts';
import { accessTokenOptions, createAccessTokens } from './auth/access-token.ts';
import { authRoutes } from './auth/auth-routes.ts';
import { deriveKeys } from './auth/keys.ts';
import type { PasswordHasher } from './auth/password.ts';
import type { ApiConfig } from './config.ts';
import { createAddressSigner } from './delivery/address-signer.ts';
import { deliveryRoutes } from './delivery/delivery-routes.ts';
import { demoRoutes } from './demo/demo-routes.ts';
import type { EventBus } from './events/event-bus.ts';
import { eventRoutes } from './events/event-routes.ts';
import { authenticate } from './http/authenticate.ts';
import { healthRoutes } from './http/health-routes.ts';
import { openApi } from './http/open-api.ts';
import { problemDetails } from './http/problem-details.ts';
import { createValidatorCompiler } from './http/validation.ts';
import { webApp } from './http/web-app.ts';
import type { ApiMetrics } from './metrics.ts';

export interface AppDependencies {
  readonly config: ApiConfig;
  readonly knex: Knex;
  readonly store: FolderObjectStore;
  readonly hasher: PasswordHasher;
  readonly bus: EventBus;
  readonly metrics: ApiMetrics;
  readonly logger: FastifyBaseLogger;
  /** Told of every route as it is registered. */
  readonly onRoute?: (route: RouteOptions) => void;
  /** How often an event stream says that it is there; 15 seconds. */
  readonly heartbeatMs?: number;
}

/** JSON bodies are small: the longest description, tags and metadata fit four times over. */
const JSON_BODY_MAX_BYTES = 512 * 1024;

/** What is logged of a request. The query is left out: the signature of an address is in it, or what somebody put there. */
function describeRequest(request: FastifyRequest): Record<string, unknown> {
  return { method: request.method, url: request.url.split('?', 1)[0], host: request.host, remoteAddress: request.ip };
}

/** The api without a socket: the composition root, and the map of what there is. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { config, knex, store, hasher, bus, metrics, logger, onRoute, heartbeatMs } = dependencies;
  const app = Fastify({
    loggerInstance: logger.child({}, { serializers: { req: describeRequest } }),
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    bodyLimit: JSON_BODY_MAX_BYTES,
    // For headers and body of small requests; an upload may take an hour.
    requestTimeout: 60 * 60 * 1000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    // Requests that arrive while it closes are answered: readiness is off by then, so they are the last.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  if (onRoute) app.addHook('onRoute', onRoute);

  app.setValidatorCompiler(createValidatorCompiler());

  const keys = deriveKeys(config.secretKey);
  const signer = createAddressSigner(keys.address);
  const presenter = createArtifactPresenter(signer, { url: config.temporalUiUrl, namespace: config.temporalNamespace });

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
  await app.register(problemDetails);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Angular sets style elements of components at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: config.publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) => new ProblemError('RATE_LIMITED', `Try again in ${context.after}.`),
  });
  await app.register(fastifySwagger, openApi);
  await app.register(fastifyJwt, accessTokenOptions(keys.accessToken));
  const accessTokens = createAccessTokens(app.jwt);
  await app.register(authenticate, { knex, accessTokens, serviceKey: config.serviceKey });

  await app.register(healthRoutes);
  await app.register(authRoutes, { knex, hasher, refreshKey: keys.refreshToken, accessTokens });
  await app.register(artifactRoutes, { knex, store, presenter });
  await app.register(uploadRoutes, { knex, store, presenter, metrics, uploadMaxBytes: config.uploadMaxBytes });
  await app.register(eventRoutes, { knex, bus, presenter, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) });
  await app.register(deliveryRoutes, { store, signer });
  await app.register(gardenRoutes, { knex });
  await app.register(demoRoutes, { knex, hasher, demoPassword: config.demoPassword });
  if (config.webFolder !== undefined) await app.register(webApp, { folder: config.webFolder });
  return app;
}
