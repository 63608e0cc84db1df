import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { GardenFailureCode, VariantFormat } from '@hortus/contracts/artifact';

type Encoded = {
  readonly format: VariantFormat;
  readonly widthPx: number;
  readonly encodeMs: number;
  readonly bytes: Uint8Array;
};

/** What the gardener counts; every instrument with its unit and meaning. */
export interface GardenMetrics {
  observeEncoding(variant: Encoded): void;
  countVariant(variant: Encoded): void;
  countDropped(format: VariantFormat): void;
  countOutcome(outcome: GardenFailureCode | 'ready'): void;
}

export function createGardenMetrics(registry: Registry<OpenMetricsContentType>): GardenMetrics {
  const registers = [registry];
  const encodeSeconds = new Histogram({
    name: 'hortus_gardener_encode_seconds',
    help: 'Time to encode one variant, without decoding, storing and recording it, in seconds',
    labelNames: ['format', 'width_px'] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const variants = new Counter({
    name: 'hortus_gardener_variants_total',
    help: 'Variants that were stored and recorded',
    labelNames: ['format'] as const,
    registers,
  });
  const variantBytes = new Counter({
    name: 'hortus_gardener_variant_bytes_total',
    help: 'Size of the variants that were stored and recorded, in bytes',
    labelNames: ['format'] as const,
    registers,
  });
  const dropped = new Counter({
    name: 'hortus_gardener_variants_dropped_total',
    help: 'Variants that were made and left out, since one that is at least as good is smaller',
    labelNames: ['format'] as const,
    registers,
  });
  const outcomes = new Counter({
    name: 'hortus_gardener_pictures_total',
    help: 'Pictures that the gardener is done with: outcome is ready, or the code of the failure',
    labelNames: ['outcome'] as const,
    registers,
  });
  return {
    observeEncoding({ format, widthPx, encodeMs }) {
      encodeSeconds.observe({ format, width_px: widthPx }, encodeMs / 1000);
    },
    countVariant({ format, bytes }) {
      variants.inc({ format });
      variantBytes.inc({ format }, bytes.byteLength);
    },
    countDropped(format) {
      dropped.inc({ format });
    },
    countOutcome(outcome) {
      outcomes.inc({ outcome });
    },
  };
}

/** How many steps run at this moment, by task queue, asked for when the figures are read. */
export function measureRunningSteps(
  registry: Registry<OpenMetricsContentType>,
  workers: readonly { readonly taskQueue: string; readonly runningSteps: () => number }[],
): void {
  const gauge = new Gauge({
    name: 'hortus_gardener_steps_running',
    help: 'Steps that run at this moment',
    labelNames: ['task_queue'] as const,
    registers: [registry],
    collect() {
      for (const { taskQueue, runningSteps } of workers) gauge.set({ task_queue: taskQueue }, runningSteps());
    },
  });
}
