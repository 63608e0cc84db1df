import type { Logger } from '@hortus/service/logger';
import type { ApiClient } from '../api-client.ts';
import type { Applier } from '../kube/apply.ts';
import type { KubeClient } from '../kube/client.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Fights } from '../kube/fights.ts';
import type { Cache } from './cache.ts';
import type { Registry } from './registry.ts';
import type { Settings } from './settings.ts';

/** What a pass works with. */
export interface Tools {
  readonly client: KubeClient;
  readonly applier: Applier;
  readonly cache: Cache;
  readonly api: ApiClient;
  readonly registry: Registry;
  readonly events: EventRecorder;
  readonly fights: Fights;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly now: () => Date;
}
