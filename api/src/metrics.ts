import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';

export interface ApiMetrics {
  readonly requestDurationSeconds: Histogram;
  readonly uploadBytes: Counter;
  readonly outboxPending: Gauge;
  readonly outboxLagSeconds: Gauge;
  readonly mails: Counter<'outcome'>;
  readonly mailsPending: Gauge;
  readonly rateLimited: Counter<'limit'>;
  readonly rateLimitRedisUp: Gauge;
}

/** Every figure of the api, with its unit and meaning. Labels are bounded: route templates, never addresses or ids. */
export function createApiMetrics(registry: Registry<OpenMetricsContentType>): ApiMetrics {
  const registers = [registry as unknown as Registry];
  return {
    requestDurationSeconds: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from a request to the end of its answer, in seconds',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      registers,
    }),
    uploadBytes: new Counter({
      name: 'hortus_upload_bytes',
      help: 'Bytes of originals that were taken in',
      registers,
    }),
    outboxPending: new Gauge({
      name: 'hortus_outbox_pending',
      help: 'Workflows that are to be started and are not yet',
      registers,
    }),
    outboxLagSeconds: new Gauge({
      name: 'hortus_outbox_lag_seconds',
      help: 'For how long the oldest workflow has waited to be started, in seconds',
      registers,
    }),
    mails: new Counter({
      name: 'hortus_mails',
      help: 'Mails that are done with: sent, expired before they could be, or refused for good by the mail server',
      labelNames: ['outcome'],
      registers,
    }),
    mailsPending: new Gauge({
      name: 'hortus_mails_pending',
      help: 'Mails that are to be sent and are not yet',
      registers,
    }),
    rateLimited: new Counter({
      name: 'hortus_rate_limited',
      help: 'Requests that were refused since there were too many, by the limit that they met',
      labelNames: ['limit'],
      registers,
    }),
    rateLimitRedisUp: new Gauge({
      name: 'hortus_rate_limit_redis_up',
      help: '1 while requests are counted in Redis, 0 while it is away or none is configured',
      registers,
    }),
  };
}
