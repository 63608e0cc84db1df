import { createHash } from 'node:crypto';
import pg from 'pg';

/** A workspace of the bench with its one person, who is signed in. */
export interface BenchWorkspace {
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  /** Its part of all artifacts. */
  readonly share: number;
}

/** With this exponent the largest of 1,000 workspaces has a fifth of all artifacts. */
const ZIPF_EXPONENT = 1.14;
/** Words are numbers below this, written in syllables; a small number is a frequent word. */
const WORDS = 20_000;
const WORDS_PER_ARTIFACT = 14;
const SYLLABLES = 'bacedifoguhajekilomu';

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

export function planWorkspaces(count: number): BenchWorkspace[] {
  const weights = Array.from({ length: count }, (_, index) => (index + 1) ** -ZIPF_EXPONENT);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, index) => ({
    id: uuidOf(`workspace ${String(index)}`),
    userId: uuidOf(`user ${String(index)}`),
    sessionId: uuidOf(`session ${String(index)}`),
    share: weight / sum,
  }));
}

/** The word of a number, as the SQL below writes it. */
export function wordOf(number: number): string {
  return Array.from(String(number).padStart(5, '0'), (digit) =>
    SYLLABLES.slice(2 * Number(digit), 2 * Number(digit) + 2),
  ).join('');
}

async function insertPeople(client: pg.Client, workspaces: readonly BenchWorkspace[]): Promise<void> {
  const columns = [workspaces.map(({ id }) => id), workspaces.map(({ userId }) => userId)];
  await client.query(
    `insert into users (id, email, display_name, password_hash)
     select id, id || '@bench.test', 'Somebody', 'none' from unnest($1::uuid[]) as id`,
    [columns[1]],
  );
  await client.query(
    `insert into workspaces (id, slug, name) select id, 'bench-' || id, 'Bench' from unnest($1::uuid[]) as id`,
    [columns[0]],
  );
  await client.query(
    `insert into memberships (workspace_id, user_id, role) select *, 'owner' from unnest($1::uuid[], $2::uuid[])`,
    columns,
  );
  await client.query(
    `insert into sessions (id, user_id, user_agent, expires_at)
     select *, 'bench', now() + interval '1 year' from unnest($1::uuid[], $2::uuid[])`,
    [workspaces.map(({ sessionId }) => sessionId), columns[1]],
  );
}

/** Rows of all workspaces in turns, as they would have come; what was made last is of now. */
async function insertArtifacts(
  client: pg.Client,
  workspaces: readonly BenchWorkspace[],
  range: { from: number; to: number; rows: number },
): Promise<void> {
  let reached = 0;
  const bounds = workspaces.map(({ share }) => (reached += share));
  const words = (count: number) =>
    Array.from({ length: count }, () => `bench_word((${String(WORDS)} * random() ^ 4)::int)`).join(` || ' ' || `);
  // A part of the rows for each connection, with the same words each time.
  await client.query('select setseed($1)', [range.from / range.rows]);
  await client.query(
    `with bounds as materialized (select $1::float8[] as upto, $2::uuid[] as ids)
     insert into artifacts (workspace_id, id, name, description, tags, metadata, kind, status, original_version,
       original_content_type, original_size_bytes, original_sha256, original_uploaded_at, created_at, updated_at)
     select ids[least(width_bucket(random(), upto) + 1, cardinality(ids))],
       (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' || substr(hash, 7, 12))::uuid,
       ${words(3)} || ' ' || n, ${words(WORDS_PER_ARTIFACT - 5)},
       array[bench_word((100 * random() ^ 2)::int), 'x' || bench_word((1000 * random())::int)], jsonb_build_object('place', ${words(1)}, 'height', n % 100),
       'file', 'ready', 1, 'application/pdf', 1000 + n, hash || hash, made, made, made
     from bounds, generate_series($3::int, $4::int) as n,
       lateral (select to_timestamp(floor(extract(epoch from now())) - ($5::int - n)) as made) as m,
       lateral (select lpad(to_hex((extract(epoch from made) * 1000)::bigint), 12, '0') as hex, md5(n::text) as hash) as h`,
    [bounds, workspaces.map(({ id }) => id), range.from, range.to, range.rows],
  );
}

/**
 * Fills an empty database that is migrated. What triggers would do row by row is done at once in the end, and indexes that are no
 * constraint are made anew then.
 */
export async function seed(ownerUrl: string, workspaces: readonly BenchWorkspace[], rows: number): Promise<void> {
  const clients = await Promise.all(
    [0, 1].map(async () => {
      const client = new pg.Client({ connectionString: ownerUrl });
      await client.connect();
      await client.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'; set jit = off`);
      return client;
    }),
  );
  const [first, second] = clients as [pg.Client, pg.Client];
  try {
    await insertPeople(first, workspaces);
    await first.query(
      `create function bench_word(n integer) returns text language sql immutable parallel safe return
       ${[10_000, 1000, 100, 10, 1].map((unit) => `substr('${SYLLABLES}', n / ${String(unit)} % 10 * 2 + 1, 2)`).join(' || ')}`,
    );
    const { rows: indexes } = await first.query<{ name: string; sql: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index i
       where indrelid::regclass::text in ('artifacts', 'artifact_tags', 'vocabulary')
         and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    );
    for (const { name } of indexes) await first.query(`drop index ${name}`);
    const middle = Math.floor(rows / 2);
    await Promise.all([
      insertArtifacts(first, workspaces, { from: 1, to: middle, rows }),
      insertArtifacts(second, workspaces, { from: middle + 1, to: rows, rows }),
    ]);
    await Promise.all([
      first.query(`insert into artifact_tags (workspace_id, tag, artifact_id)
        select distinct workspace_id, tag, id from artifacts, unnest(tags) as tag order by 1, 2, 3`),
      second.query(`insert into vocabulary (workspace_id, word)
        select distinct workspace_id, word from artifacts, hortus_vocabulary(words) as word`),
    ]);
    const [halfA, halfB] = [indexes.filter((_, i) => i % 2 === 0), indexes.filter((_, i) => i % 2 === 1)];
    const make = async (client: pg.Client, part: typeof indexes) => {
      for (const { sql } of part) await client.query(sql);
    };
    await Promise.all([make(first, halfA), make(second, halfB)]);
    await first.query('vacuum analyze');
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
