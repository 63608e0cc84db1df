import type { Knex } from 'knex';

/**
 * Finding under row-level security (docs/adr/ADR-0010). `@@`, `%` and array operators are not leakproof: behind a policy
 * PostgreSQL asks them of a row only after the policy, so no GIN index is used and a search reads the whole workspace. Two
 * ways round it, neither of which weakens the wall:
 *
 * - Functions of the schema `search` run as `hortus_search`, which may read these columns of every row. They know their
 *   workspace from the setting `hortus.workspace_id` and from nothing else, so a caller can ask for no other.
 * - Tags have a table of their own, kept by a trigger in the same transaction: `=` is leakproof.
 *
 * Every word in a vector begins with six letters that stand for the workspace, so that the index holds the words of each apart:
 * what a search costs does not hang on what others wrote. Two workspaces may have the same letters; what leaves the rows of
 * others out is the condition on `workspace_id`.
 *
 * Words are made by one function for both sides, `hortus_fold`, so that index and query can't disagree: letters and digits of
 * any script, compatibility forms, case and accents levelled. Scripts that put no spaces between words become one word for
 * each character, and a run of them in a query becomes a phrase.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(String.raw`
    create schema search;
    grant usage on schema search to hortus_api, hortus_search;
    create extension unaccent schema search;
    create extension pg_trgm schema search;

    create function hortus_fold(said text) returns text
      language sql immutable parallel safe strict
      return btrim(regexp_replace(regexp_replace(regexp_replace(
        casefold(search.unaccent('search.unaccent'::regdictionary, normalize(said, NFKC)) collate pg_unicode_fast),
        -- Thai, Lao, Myanmar, Khmer, kana, Han, Hangul, and Han beyond the basic plane.
        '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g'),
        '[^[:alnum:]]+', ' ', 'g'),
        '([^ ]{100})[^ ]+', '\1', 'g'));

    create function hortus_mark(workspace_id uuid) returns text
      language sql immutable parallel safe
      -- Letters only: digits before a word that has some would read as a number.
      return translate(right(workspace_id::text, 6), '0123456789abcdef', 'abcdefghijklmnop');

    create function hortus_vector(mark text, said text) returns tsvector
      language sql immutable parallel safe
      return to_tsvector('pg_catalog.simple',
        replace(' ' || ltrim(hortus_fold(said) || ' hortusedgeoffields'), ' ', ' ' || mark));

    -- Fields, and tags among themselves, stand apart by the word of the edge, which is taken out again: no phrase reaches from
    -- one into the next. The mark with an @, which no text can become, is what a query of nothing but exclusions begins with.
    create function hortus_words(workspace_id uuid, name text, tags text[], description text, metadata jsonb)
      returns tsvector
      language sql immutable parallel safe
      return ts_delete(
        setweight(hortus_vector(hortus_mark(workspace_id), name), 'A')
        || setweight(hortus_vector(hortus_mark(workspace_id), array_to_string(tags, ' hortusedgeoffields ')), 'B')
        || setweight(hortus_vector(hortus_mark(workspace_id), description), 'C')
        || case when metadata = '{}' then '' else setweight(hortus_vector(hortus_mark(workspace_id),
             (select string_agg(key || ' ' || value, ' hortusedgeoffields ') from jsonb_each_text(metadata))), 'D') end,
        hortus_mark(workspace_id) || 'hortusedgeoffields') || ('''' || hortus_mark(workspace_id) || '@''')::tsvector;

    -- [{"text": …, "isExcluded": …, "isPrefix": …}], all of which must hold; null where no word is left of them.
    create function hortus_query(workspace_id uuid, terms jsonb) returns tsquery
      language sql immutable parallel safe
      return (
        select (case when bool_and((term ->> 'isExcluded')::boolean)
            then '''' || hortus_mark(workspace_id) || '@'' & ' else '' end
          || string_agg(
            case when (term ->> 'isExcluded')::boolean then '!' else '' end
              || '(' || asked || case when (term ->> 'isPrefix')::boolean then ':*' else '' end || ')',
            ' & '))::tsquery
        from jsonb_array_elements(terms) as term,
          hortus_fold(term ->> 'text') as folded,
          cast(phraseto_tsquery('pg_catalog.simple',
            replace(' ' || folded, ' ', ' ' || hortus_mark(workspace_id))) as text) as asked
        where folded <> '');

    alter table artifacts
      add column words tsvector not null
        generated always as (hortus_words(workspace_id, name, tags, description, metadata)) stored,
      add column name_key text collate "C" not null generated always as (left(hortus_fold(name), 60)) stored;
    create index artifacts_words on artifacts using gin (words) with (fastupdate = off);
    create index artifacts_name on artifacts (workspace_id, name_key, id) where deleted_at is null;
    create index artifacts_kind on artifacts (workspace_id, kind, id) where deleted_at is null;
    create index artifacts_status on artifacts (workspace_id, status, id) where deleted_at is null;

    create table artifact_tags (
      workspace_id uuid not null,
      tag text collate "C" not null,
      artifact_id uuid not null,
      folded text collate "C" not null generated always as (hortus_fold(tag)) stored,
      primary key (workspace_id, tag, artifact_id),
      foreign key (workspace_id, artifact_id) references artifacts (workspace_id, id) on delete cascade
    );
    create index artifact_tags_artifact on artifact_tags (workspace_id, artifact_id, tag);
    create index artifact_tags_folded on artifact_tags (workspace_id, folded, tag);

    create function keep_artifact_tags() returns trigger
      language plpgsql set search_path = public, pg_temp as $$
      begin
        if tg_op = 'UPDATE' then
          delete from artifact_tags t
            where t.workspace_id = new.workspace_id and t.artifact_id = new.id
              and (new.deleted_at is not null or t.tag <> all (new.tags));
        end if;
        if new.deleted_at is null then
          insert into artifact_tags (workspace_id, tag, artifact_id)
            select distinct new.workspace_id, tag, new.id from unnest(new.tags) as tag
            on conflict do nothing;
        end if;
        return null;
      end $$;
    create trigger keep_tags_of_new after insert on artifacts
      for each row when (new.tags <> '{}') execute function keep_artifact_tags();
    create trigger keep_tags_of_changed after update of tags, deleted_at on artifacts
      for each row when (old.tags is distinct from new.tags or old.deleted_at is distinct from new.deleted_at)
      execute function keep_artifact_tags();

    -- What words a workspace uses, from which a mistyped one is mended. A word outlives its last artifact and harms nobody: what
    -- is mended is shown only where it finds something. Inserted in order, so that two writers wait and don't block each other.
    create table vocabulary (
      workspace_id uuid not null references workspaces (id) on delete cascade,
      word text collate "C" not null,
      primary key (workspace_id, word)
    );
    create index vocabulary_endings on vocabulary (workspace_id, reverse(word));

    create function hortus_vocabulary(words tsvector) returns setof text
      language sql immutable parallel safe
      begin atomic
        select word from unnest(words), substr(lexeme, 7) as word
        where word ~ '^[[:alpha:]]{4,40}$' order by word collate "C" limit 500;
      end;

    create function keep_vocabulary() returns trigger
      language plpgsql set search_path = public, pg_temp as $$
      begin
        insert into vocabulary (workspace_id, word)
          select new.workspace_id, word from hortus_vocabulary(new.words) as word
          on conflict do nothing;
        return null;
      end $$;
    create trigger keep_vocabulary_of_new after insert on artifacts
      for each row execute function keep_vocabulary();
    create trigger keep_vocabulary_of_changed after update of name, tags, description, metadata on artifacts
      for each row when (old.words is distinct from new.words) execute function keep_vocabulary();

    -- What stands already. The owner is walled off as well, but for this statement.
    alter table artifacts no force row level security;
    insert into artifact_tags (workspace_id, tag, artifact_id)
      select distinct workspace_id, tag, id from artifacts, unnest(tags) as tag where deleted_at is null;
    insert into vocabulary (workspace_id, word)
      select distinct workspace_id, word from artifacts, hortus_vocabulary(words) as word;
    alter table artifacts force row level security;

    alter table artifact_tags enable row level security;
    alter table artifact_tags force row level security;
    alter table vocabulary enable row level security;
    alter table vocabulary force row level security;
    create policy workspace on artifact_tags for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy workspace on vocabulary for all to hortus_api
      using (workspace_id = (select hortus_setting('workspace_id')::uuid))
      with check (workspace_id = (select hortus_setting('workspace_id')::uuid));
    create policy search on artifacts for select to hortus_search using (true);
    create policy search on vocabulary for select to hortus_search using (true);
    grant select, insert, delete on artifact_tags to hortus_api;
    grant select, insert on vocabulary to hortus_api;
    grant select on vocabulary to hortus_search;
    grant select (workspace_id, id, words, tags, name_key, kind, status, created_at, deleted_at) on artifacts to hortus_search;
  `);
  await knex.raw(FUNCTIONS);
}

/** Matches that are counted, and that are ranked, at the most: no word is common enough to hold the database up. */
const COUNTED_MAX = 10_000;
const RANKED_MAX = 2000;
/** Words with the same beginning, and as many with the same ending, among which the most similar are looked for. */
const ALIKE_MAX = 5000;

const PARAMETERS = `terms jsonb, with_tags text[], with_kind text, with_status text,
  created_from timestamptz, created_to timestamptz`;

/** One plan, by construction and not by statistics, which know neither the words nor the workspace. */
const HOW = `language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_sort = off
  -- A bitmap that does not fit is of whole pages, all of whose rows are then looked at.
  set work_mem = '32MB' set max_parallel_workers_per_gather = 0`;

const VARIABLES = `
  workspace uuid := public.hortus_setting('workspace_id')::uuid;
  asked tsquery := public.hortus_query(workspace, terms);`;

const FILTERS = `a.deleted_at is null and a.tags @> with_tags
  and (with_kind is null or a.kind = with_kind)
  and (with_status is null or a.status = with_status)
  and (created_from is null or a.created_at >= created_from)
  and (created_to is null or a.created_at < created_to)`;

/** The workspace is not compared by `=`, so that no index but that of the words can lead. */
const MATCHES = `from public.artifacts a
  where a.words @@ asked and a.workspace_id is not distinct from workspace and ${FILTERS}`;

/** Pages through the artifacts in an order that an index has; `is true` keeps the index of the words out of it. */
function walk(keys: string, after: string, direction: 'asc' | 'desc'): string {
  return `return query
    select a.id, ${keys.includes('name_key') ? 'a.name_key' : "''"}::text from public.artifacts a
    where a.workspace_id = workspace and (a.words @@ asked) is true and ${FILTERS}
      and (after_id is null or (${keys}) ${direction === 'asc' ? '>' : '<'} (${after}))
    order by ${keys.replaceAll(',', ` ${direction},`)} ${direction} limit page_limit;`;
}

const FUNCTIONS = `
  -- What the terms and filters leave, for counts and facets.
  create function search.match_artifacts(${PARAMETERS})
    returns table (tags text[], kind text, status text) rows 1000 ${HOW} as $$
    #variable_conflict use_column
    declare ${VARIABLES}
    begin
      return query select a.tags, a.kind, a.status ${MATCHES} limit ${String(COUNTED_MAX)};
    end $$;

  -- One page of what the terms and filters leave, behind a position, with what it is sorted by before the id.
  create function search.find_artifacts(${PARAMETERS}, sort text, after_key text, after_id uuid, page_limit integer)
    returns table (id uuid, key text) rows 20 ${HOW} as $$
    #variable_conflict use_column
    declare ${VARIABLES}
    begin
      if sort = 'relevance' then
        return query
          select m.id, m.rank::text
          from (select a.id, ts_rank(a.words, asked) as rank ${MATCHES} limit ${String(RANKED_MAX)}) as m
          where after_id is null or (m.rank, m.id) < (after_key::real, after_id)
          order by m.rank desc, m.id desc limit page_limit;
      elsif (select count(*) from (select ${MATCHES} limit ${String(RANKED_MAX + 1)}) as m) <= ${String(RANKED_MAX)} then
        return query
          select m.id, case when sort = 'name' then m.name_key else '' end
          from (select a.id, a.name_key ${MATCHES} limit ${String(RANKED_MAX)}) as m
          where after_id is null or case sort
            when 'newest' then m.id < after_id
            when 'oldest' then m.id > after_id
            else (m.name_key, m.id) > (after_key collate "C", after_id) end
          order by case when sort = 'name' then m.name_key end, case when sort = 'newest' then m.id end desc, m.id
          limit page_limit;
      elsif sort = 'newest' then ${walk('a.id', 'after_id', 'desc')}
      elsif sort = 'oldest' then ${walk('a.id', 'after_id', 'asc')}
      else ${walk('a.name_key, a.id', 'after_key, after_id', 'asc')}
      end if;
    end $$;

  -- Words of the terms that the workspace does not have, with words of it that are like them: that begin or end alike. One slip,
  -- and two neighbours that changed places, leave so many letters of the beginning or of the end as they were.
  create function search.similar_words(terms jsonb)
    returns table (said text, word text) rows 20 ${HOW} as $$
    #variable_conflict use_column
    declare workspace uuid := public.hortus_setting('workspace_id')::uuid;
    begin
      return query
        select unknown.said, alike.word
        from (
          select w.said, left(w.said, k) as beginning, reverse(right(w.said, k)) as ending
          from jsonb_array_elements(terms) as term,
            string_to_array(public.hortus_fold(term ->> 'text'), ' ') as words,
            unnest(words) with ordinality as w (said, place),
            least(3, (length(w.said) - 1) / 2) as k
          where not (term ->> 'isExcluded')::boolean
            and w.said ~ '^[[:alpha:]]{4,40}$'
            and not coalesce((
              select case
                when (term ->> 'isPrefix')::boolean and w.place = cardinality(words) then v.word ^@ w.said
                else v.word = w.said end
              from public.vocabulary v
              where v.workspace_id = workspace and v.word >= w.said
              order by v.word limit 1), false)
          limit 8) as unknown,
          lateral (
            select found.word
            from (
              (select v.word from public.vocabulary v
               where v.workspace_id = workspace and v.word >= beginning and v.word < beginning || chr(1114111)
               order by v.word limit ${String(ALIKE_MAX)})
              union
              (select v.word from public.vocabulary v
               where v.workspace_id = workspace and reverse(v.word) >= ending and reverse(v.word) < ending || chr(1114111)
               order by reverse(v.word) limit ${String(ALIKE_MAX)})) as found
            order by search.similarity(found.word, unknown.said) desc, found.word limit 20) as alike;
    end $$;

  -- Only who may create in a schema can be given a function of it.
  grant create on schema search to hortus_search;
  ${['match_artifacts', 'find_artifacts', 'similar_words']
    .map(
      (name) => `
  revoke execute on function search.${name} from public;
  grant execute on function search.${name} to hortus_api;
  alter function search.${name} owner to hortus_search;`,
    )
    .join('')}
  revoke create on schema search from hortus_search;
`;

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    set local role hortus_search;
    drop function search.find_artifacts, search.match_artifacts, search.similar_words;
    set local role hortus_owner;
    drop policy search on artifacts;
    drop trigger keep_tags_of_new on artifacts;
    drop trigger keep_tags_of_changed on artifacts;
    drop trigger keep_vocabulary_of_new on artifacts;
    drop trigger keep_vocabulary_of_changed on artifacts;
    drop function keep_artifact_tags();
    drop function keep_vocabulary();
    drop table artifact_tags, vocabulary;
    drop index artifacts_kind, artifacts_status;
    alter table artifacts drop column words, drop column name_key;
    drop function hortus_vocabulary(tsvector);
    drop function hortus_query(uuid, jsonb);
    drop function hortus_words(uuid, text, text[], text, jsonb);
    drop function hortus_vector(text, text);
    drop function hortus_mark(uuid);
    drop function hortus_fold(text);
    revoke select (workspace_id, id, tags, kind, status, created_at, deleted_at) on artifacts from hortus_search;
    drop extension pg_trgm;
    drop extension unaccent;
    drop schema search;
  `);
}
