import { PAGE_LIMIT_DEFAULT } from '@hortus/contracts/pagination';
import type { Cursors } from './cursor.ts';

/** A page of a list that is ordered by id alone. */
export interface PageRequest {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after: string | null;
}

/** @throws ProblemError CURSOR_INVALID where the cursor is not of the list `asked` */
export function readPage(cursors: Cursors, asked: string, query: { limit?: number; cursor?: string }): PageRequest {
  const { limit = PAGE_LIMIT_DEFAULT, cursor } = query;
  return { limit, after: cursor === undefined ? null : cursors.read(asked, cursor).id };
}

/** @param rows one more than `limit` when there is a next page */
export function writePage<Item>(
  cursors: Cursors,
  asked: string,
  { limit, rows, idOf }: { limit: number; rows: readonly Item[]; idOf: (item: Item) => string },
): { items: Item[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursors.write(asked, { id: idOf(last), key: '' }) };
}
