import { Context } from '@temporalio/activity';
import type { Output } from '@hortus/contracts/endpoint';
import { purgeTrash } from '@hortus/contracts/internal-api';
import type { ApiClient } from '../api-client.ts';

export interface PurgeActivities {
  readonly purgeSome: (input: { after: string | null }) => Promise<Output<typeof purgeTrash>>;
}

/** May be repeated: what is gone is gone, and the api looks anew each time. */
export function createPurgeActivities({ api }: { readonly api: ApiClient }): PurgeActivities {
  return {
    purgeSome: ({ after }) => api.call(purgeTrash, { body: { after } }, Context.current().cancellationSignal),
  };
}
