import type { ArtifactKind, ArtifactStatus } from '@hortus/contracts/artifact';
import { COUNTED_MAX, type ArtifactSort, type Facets } from '@hortus/contracts/artifact-api';
import type { Ask } from '../db/one-trip.ts';
import type { Position } from '../http/cursor.ts';
import { SELECTED } from './artifact-repo.ts';
import type { ArtifactFields } from './artifact-row.ts';
import type { SearchTerm, SimilarWord } from './search-terms.ts';

export interface ArtifactFilter {
  readonly terms: readonly SearchTerm[] | null;
  readonly tags: readonly string[];
  readonly kind: ArtifactKind | null;
  readonly status: ArtifactStatus | null;
  readonly createdFrom: string | null;
  readonly createdTo: string | null;
}

/** An artifact in a list, and what the list is sorted by before the id; '' where that is nothing. */
export interface ListedArtifact {
  readonly row: ArtifactFields;
  readonly key: string;
}

interface ListPage {
  readonly sort: ArtifactSort;
  readonly limit: number;
  readonly after: Position | null;
}

/** Far longer than any transaction, at whose begin an artifact is said to be made, and within which it gets its id. */
const TRANSACTION_MS_MAX = 60 * 60 * 1000;

/** The least UUIDv7 of a moment. */
function leastIdAt(unixMs: number): string {
  const time = Math.max(0, Math.floor(unixMs)).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** Gives each value its place among the parameters of a statement. */
interface Values {
  readonly list: unknown[];
  add(value: unknown): string;
}

function createValues(): Values {
  const list: unknown[] = [];
  return { list, add: (value) => `$${String(list.push(value))}` };
}

/** The id of the tag's row, where a tag leads: by its key the rows come in order. */
function idOf({ tags }: Pick<ArtifactFilter, 'tags'>): 't.artifact_id' | 'artifacts.id' {
  return tags.length > 0 ? 't.artifact_id' : 'artifacts.id';
}

/** Artifacts by all filters but `terms`. The first tag leads: its key holds the artifacts that have it, in order of id. */
function filtered(values: Values, filter: ArtifactFilter): string {
  const { tags, kind, status, createdFrom, createdTo } = filter;
  const [first, ...others] = tags;
  const id = idOf(filter);
  const conditions = ['artifacts.deleted_at is null'];
  if (first !== undefined) conditions.push(`t.tag = ${values.add(first)}`);
  for (const tag of others) {
    conditions.push(`exists (select from artifact_tags o
      where o.workspace_id = artifacts.workspace_id and o.artifact_id = artifacts.id and o.tag = ${values.add(tag)})`);
  }
  if (kind !== null) conditions.push(`kind = ${values.add(kind)}`);
  if (status !== null) conditions.push(`status = ${values.add(status)}`);
  // By the id as well, since that is what the index has.
  if (createdFrom !== null) {
    conditions.push(`artifacts.created_at >= ${values.add(createdFrom)}`);
    conditions.push(`${id} >= ${values.add(leastIdAt(Date.parse(createdFrom)))}`);
  }
  if (createdTo !== null) {
    conditions.push(`artifacts.created_at < ${values.add(createdTo)}`);
    conditions.push(`${id} < ${values.add(leastIdAt(Date.parse(createdTo) + TRANSACTION_MS_MAX))}`);
  }
  const tagged =
    first === undefined
      ? ''
      : ' join artifact_tags t on t.workspace_id = artifacts.workspace_id and t.artifact_id = artifacts.id';
  return `from artifacts${tagged} where ${conditions.join(' and ')}`;
}

function functionArguments(values: Values, filter: ArtifactFilter): string {
  const { terms, tags, kind, status, createdFrom, createdTo } = filter;
  return [JSON.stringify(terms), tags, kind, status, createdFrom, createdTo]
    .map((value) => values.add(value))
    .join(', ');
}

type Listed = ArtifactFields & { readonly listKey: string };

const listedOf = (row: Listed): ListedArtifact => ({ row, key: row.listKey });

/* Everything here needs the scope `workspaceId`, and `byIndex`. */

/** Behind the item `after`; one more than `limit` when there is a next page. */
export async function listArtifacts(ask: Ask, filter: ArtifactFilter, page: ListPage): Promise<ListedArtifact[]> {
  return filter.terms === null ? listFiltered(ask, filter, page) : listMatches(ask, filter, page);
}

/** Pages of the whole workspace are prepared; filters have too many forms for each to be kept. */
function nameOf(
  { tags, kind, status, createdFrom, createdTo }: ArtifactFilter,
  sort: ArtifactSort,
  after: Position | null,
): { name?: string } {
  const isFiltered = tags.length > 0 || [kind, status, createdFrom, createdTo].some((value) => value !== null);
  return isFiltered ? {} : { name: `artifacts by ${sort}, ${after === null ? 'first' : 'next'}` };
}

async function listFiltered(
  ask: Ask,
  filter: ArtifactFilter,
  { sort, limit, after }: ListPage,
): Promise<ListedArtifact[]> {
  if (sort === 'relevance') throw new Error('without terms there is no rank to sort by');
  const values = createValues();
  const from = filtered(values, filter);
  const [comparison, direction] = sort === 'newest' ? ['<', 'desc'] : ['>', 'asc'];
  const keys = sort === 'name' ? 'artifacts.name_key, artifacts.id' : idOf(filter);
  let behind = '';
  if (after !== null) {
    const position = sort === 'name' ? `${values.add(after.key)}, ${values.add(after.id)}` : values.add(after.id);
    behind = ` and (${keys}) ${comparison} (${position})`;
  }
  const rows = await ask<Listed>({
    ...nameOf(filter, sort, after),
    text: `select ${SELECTED}, ${sort === 'name' ? 'artifacts.name_key' : "''"} as "listKey" ${from}${behind}
     order by ${keys.replaceAll(',', ` ${direction},`)} ${direction} limit ${values.add(limit + 1)}`,
    values: values.list,
  });
  return rows.map(listedOf);
}

async function listMatches(
  ask: Ask,
  filter: ArtifactFilter,
  { sort, limit, after }: ListPage,
): Promise<ListedArtifact[]> {
  const values = createValues();
  const position = [sort, after?.key ?? '', after?.id ?? null, limit + 1].map((value) => values.add(value)).join(', ');
  const rows = await ask<Listed>({
    name: 'find artifacts',
    // Each by its key: a join would read the whole workspace, whose size the policy hides from the planner.
    text: `select found.*, hits.key as "listKey"
     from search.find_artifacts(${functionArguments(values, filter)}, ${position})
       with ordinality as hits (id, key, place),
       lateral (select ${SELECTED} from artifacts where artifacts.id = hits.id limit 1) as found
     order by hits.place`,
    values: values.list,
  });
  return rows.map(listedOf);
}

/** What the filter leaves, COUNTED_MAX at the most; without terms the newest. */
function counted(values: Values, filter: ArtifactFilter): string {
  return filter.terms !== null
    ? `select * from search.match_artifacts(${functionArguments(values, filter)})`
    : `select artifacts.tags, kind, status ${filtered(values, filter)}
       order by ${idOf(filter)} desc limit ${String(COUNTED_MAX)}`;
}

/** How many artifacts the filter leaves, COUNTED_MAX at the most. */
export async function countFound(ask: Ask, filter: ArtifactFilter): Promise<number> {
  const values = createValues();
  const text = `select count(*) as count from (${counted(values, filter)}) as found`;
  const [found] = await ask<{ count: number }>({ text, values: values.list });
  return found?.count ?? 0;
}

/** How the artifacts that the filter leaves are spread, COUNTED_MAX of them at the most. */
export async function findFacets(ask: Ask, filter: ArtifactFilter, tagsMax: number): Promise<Facets> {
  const values = createValues();
  const text = `with found as materialized (${counted(values, filter)})
     select
       (select count(*) from found) as total,
       (select coalesce(json_agg(f), '[]') from
         (select tag, count(*) from found, unnest(tags) as tag
          group by tag order by count(*) desc, tag collate "C" limit ${values.add(tagsMax)}) as f) as tags,
       (select coalesce(json_agg(f), '[]') from
         (select kind, count(*) from found where kind is not null group by kind order by count(*) desc, kind) as f) as kinds,
       (select coalesce(json_agg(f), '[]') from
         (select status, count(*) from found group by status order by count(*) desc, status) as f) as statuses`;
  const [facets] = await ask<Facets>({ text, values: values.list });
  return facets ?? { total: 0, tags: [], kinds: [], statuses: [] };
}

/** Words of the terms that the workspace does not have, with words that are like them. */
export async function findSimilarWords(ask: Ask, terms: readonly SearchTerm[]): Promise<SimilarWord[]> {
  const text = 'select said, word from search.similar_words($1)';
  return ask<SimilarWord>({ name: 'similar words', text, values: [JSON.stringify(terms)] });
}
