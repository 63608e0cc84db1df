import * as artifacts from './artifact-api.ts';
import * as auth from './auth-api.ts';
import * as delivery from './delivery-api.ts';
import type { Endpoint } from './endpoint.ts';
import * as events from './event-api.ts';
import * as health from './health-api.ts';
import * as internal from './internal-api.ts';

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'config' in value;
}

/** Every operation, found by its shape, so that a new constant can't be forgotten here. */
export const ENDPOINTS: readonly Endpoint[] = [artifacts, auth, delivery, events, health, internal].flatMap((api) =>
  Object.values(api).filter(isEndpoint),
);
