import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { RequestObserver } from './transport.ts';

/** Under the names of Go's controller-runtime and client-go, so that the dashboards made for them work. */
export interface ControllerMetrics {
  readonly total: Counter<'controller' | 'result'>;
  readonly errors: Counter<'controller'>;
  readonly terminalErrors: Counter<'controller'>;
  readonly panics: Counter<'controller'>;
  readonly seconds: Histogram<'controller'>;
  readonly active: Gauge<'controller'>;
  readonly maxConcurrent: Gauge<'controller'>;
  readonly retries: Counter<'name'>;
  readonly queueSeconds: Histogram<'name'>;
  /** 1 while this process leads. */
  readonly leader: Gauge<'name'>;
  readonly observeRequest: RequestObserver;
  /** Asks the depth whenever it is scraped. */
  watchQueue(name: string, depth: () => number): void;
  forgetQueue(name: string): void;
}

/** Seconds, as controller-runtime cuts them. */
const PASS_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 5, 10,
  30, 60,
];
const WAIT_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];

export function createControllerMetrics(registry: Registry<OpenMetricsContentType> | Registry): ControllerMetrics {
  const registers = [registry as Registry];
  const depths = new Map<string, () => number>();
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server, by verb and HTTP status',
    labelNames: ['code', 'method'] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'How long the API server took, in seconds, without the waiting for a turn',
    labelNames: ['verb'] as const,
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60],
    registers,
  });
  new Gauge({
    name: 'workqueue_depth',
    help: 'Keys that are ready to be worked on',
    labelNames: ['name'] as const,
    registers,
    collect() {
      this.reset();
      for (const [name, depth] of depths) this.set({ name }, depth());
    },
  });
  return {
    total: new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Passes, by what they came to',
      labelNames: ['controller', 'result'] as const,
      registers,
    }),
    errors: new Counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Passes that failed and are repeated',
      labelNames: ['controller'] as const,
      registers,
    }),
    terminalErrors: new Counter({
      name: 'controller_runtime_terminal_reconcile_errors_total',
      help: 'Passes that failed in a way that only a change mends',
      labelNames: ['controller'] as const,
      registers,
    }),
    panics: new Counter({
      name: 'controller_runtime_reconcile_panics_total',
      help: 'Passes that did not end when they were told to',
      labelNames: ['controller'] as const,
      registers,
    }),
    seconds: new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long a pass took, in seconds',
      labelNames: ['controller'] as const,
      buckets: PASS_BUCKETS,
      registers,
    }),
    active: new Gauge({
      name: 'controller_runtime_active_workers',
      help: 'Passes that are under way',
      labelNames: ['controller'] as const,
      registers,
    }),
    maxConcurrent: new Gauge({
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'Passes that may be under way at the same time',
      labelNames: ['controller'] as const,
      registers,
    }),
    retries: new Counter({
      name: 'workqueue_retries_total',
      help: 'Keys that came back after a failure',
      labelNames: ['name'] as const,
      registers,
    }),
    queueSeconds: new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'How long a key waited for a worker, in seconds',
      labelNames: ['name'] as const,
      buckets: WAIT_BUCKETS,
      registers,
    }),
    leader: new Gauge({
      name: 'leader_election_master_status',
      help: '1 while this process leads, else 0',
      labelNames: ['name'] as const,
      registers,
    }),
    observeRequest: ({ method }, outcome, seconds) => {
      requests.inc({ code: outcome === 'error' ? '<error>' : String(outcome), method });
      requestSeconds.observe({ verb: method }, seconds);
    },
    watchQueue: (name, depth) => {
      depths.set(name, depth);
    },
    forgetQueue: (name) => {
      depths.delete(name);
    },
  };
}
