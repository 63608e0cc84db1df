import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '@hortus/contracts/gardener';

/** Temporal's number for a keyword among the types of search attributes (`IndexedValueType`). */
const KEYWORD = 2;

/**
 * Makes the search attributes that runs set, where the namespace has not got them: a run that sets one that does not exist
 * goes no further. To be done before the first run is taken.
 *
 * @throws when Temporal is away, or the worker may not: an operator makes them then, see workflows/README.md
 */
export async function ensureSearchAttributes({ connection, options: { namespace } }: Client): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !Object.hasOwn(customAttributes, name));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
  });
}
