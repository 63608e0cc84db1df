import type { Knex } from 'knex';
import { TAG_COUNTED_MAX, type TagCount } from '@hortus/contracts/tag-api';

/** Tags that a beginning is completed to, before the most frequent of them are chosen. */
const COMPLETIONS_MAX = 200;
/** Newest uses of tags, from which the most frequent tags are told where no beginning is given. */
const NEWEST_USES_MAX = 10_000;

const COUNTED = `(select count(*) from
  (select from artifact_tags a where a.tag = t.tag order by a.artifact_id limit ${String(TAG_COUNTED_MAX)}) as counted)`;

/** The tags that begin like this, most frequent first. Needs the scope `workspaceId`. */
export async function listTags(tx: Knex.Transaction, page: { prefix: string; limit: number }): Promise<TagCount[]> {
  // From tag to tag and not through every use of each. `^@` is leakproof, and a collation of bytes lets it use the index.
  const completions = `
    with recursive t as (
      (select folded, tag from artifact_tags where folded ^@ hortus_fold(:prefix) order by folded, tag limit 1)
      union all
      select next.folded, next.tag from t, lateral (
        select a.folded, a.tag from artifact_tags a
        where a.folded ^@ hortus_fold(:prefix) and (a.folded, a.tag) > (t.folded, t.tag)
        order by a.folded, a.tag limit 1) as next)
    select tag, ${COUNTED} as count from (select tag from t limit ${String(COMPLETIONS_MAX)}) as t
    order by count desc, tag limit :limit`;
  const frequent = `
    select tag, ${COUNTED} as count from (
      select tag, count(*) as uses
      from (select tag from artifact_tags order by artifact_id desc limit ${String(NEWEST_USES_MAX)}) as newest
      group by tag order by uses desc, tag limit :limit) as t
    order by uses desc, tag`;
  const { rows } = await tx.raw<{ rows: TagCount[] }>(page.prefix.trim() === '' ? frequent : completions, page);
  return rows;
}

/** How many artifacts have the tag, TAG_COUNTED_MAX at the most. Needs the scope `workspaceId`. */
export async function countTag(tx: Knex.Transaction, tag: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: [{ count: number }] }>(
    `select ${COUNTED} as count from (select ? as tag) as t`,
    [tag],
  );
  return rows[0].count;
}

/**
 * Puts `name` in the place of `tag` on so many of the artifacts that have it, once where they had both. Needs the scope
 * `workspaceId`.
 *
 * @returns the ids of the artifacts
 */
export async function renameTag(
  tx: Knex.Transaction,
  change: { tag: string; name: string; limit: number },
): Promise<string[]> {
  // Locked in order of id, so that two renames wait for each other and don't block each other.
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `with held as materialized (
       select id from artifacts
       where id in (select artifact_id from artifact_tags where tag = :tag order by artifact_id limit :limit)
         and deleted_at is null
       order by id for update)
     update artifacts a set
       tags = (select array_agg(t order by place) from
                (select t, min(place) as place from unnest(array_replace(a.tags, :tag, :name)) with ordinality as u (t, place)
                 group by t) as distinct_tags),
       revision = revision + 1,
       updated_at = now()
     from held where a.id = held.id and :tag = any(a.tags)
     returning a.id`,
    change,
  );
  return rows.map(({ id }) => id);
}
