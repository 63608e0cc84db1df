import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Facets, FoundArtifact } from '@hortus/contracts/artifact-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { beginStatement } from '../db/scope.ts';

interface List {
  readonly items: FoundArtifact[];
  readonly correctedQuery?: string;
  readonly total?: number;
}

describe('finding among 12,000 artifacts, and as many of others with the same words', () => {
  let api: TestApi;
  let reader: TestPerson;
  let client: pg.Client;
  const notices: string[] = [];
  beforeAll(async () => {
    api = await startTestApi();
    const stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
    reader = (await api.plant('Big', ['member'])).people.member;
    await api.database.query(
      `insert into artifacts (workspace_id, kind, status, name, description, tags)
       select case when n % 2 = 0 then $1::uuid else $2::uuid end, 'picture', 'ready', 'Specimen ' || n,
         'common words ' || translate(n::text, '0123456789', 'abcdefghij') || case when n % 600 < 2 then ' rarity' else '' end,
         array['kept'] || case when n % 600 < 2 then array['rare'] else '{}' end
       from generate_series(1, 24000) as n`,
      [reader.workspaceId, stranger.workspaceId],
    );
    await api.database.query('analyze artifacts, artifact_tags, vocabulary');
    client = new pg.Client({ connectionString: api.database.ownerUrl });
    client.on('notice', ({ message }) => notices.push(String(message)));
    await client.connect();
    // What a function asks inside is shown by auto_explain only, which a superuser loads; it is hortus_api that asks.
    await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set client_min_messages = log;
      set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on`);
  }, 180_000);
  afterAll(async () => {
    await client.end();
    await api.close();
  });

  async function planOf(sql: string): Promise<string> {
    const begin = beginStatement({ workspaceId: reader.workspaceId, byIndex: true });
    await client.query(`${begin}; set local role hortus_api`);
    notices.length = 0;
    await client.query(sql);
    await client.query('commit');
    return notices.join('\n');
  }

  async function get<Body>(path: string): Promise<Body> {
    return (await reader.call({ method: 'GET', url: path })).json<Body>();
  }

  /** What the api asks for this address, with its values in it. */
  async function hearQuery(path: string): Promise<string> {
    const heard: string[] = [];
    const literal = (value: unknown) => {
      if (value === null || typeof value === 'number') return String(value);
      return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${value as string}'`;
    };
    const hear = ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
      heard.push(sql.replaceAll(/\$(\d+)/g, (_match, number) => literal(bindings[Number(number) - 1])));
    };
    api.knex.on('query', hear);
    expect((await reader.call({ method: 'GET', url: path })).statusCode).toBe(200);
    api.knex.off('query', hear);
    return String(heard.find((sql) => /json_agg|from artifact_tags/.test(sql)));
  }

  const planOfSearch = (word: string, sort: string) =>
    planOf(`select id from search.find_artifacts('[{"text":"${word}","isExcluded":false,"isPrefix":true}]',
      '{}', null, null, null, null, '${sort}', '', null, 21)`);

  it.each(['relevance', 'newest', 'oldest', 'name'])(
    'reads the rows that have a rare word and no others, by %s',
    async (sort) => {
      const plan = await planOfSearch('rarity', sort);
      expect(plan).toContain('Bitmap Index Scan on artifacts_words');
      // The rows of others, which have the word as well, are left out by the index itself.
      expect(plan).not.toMatch(/Seq Scan on artifacts|artifacts_(pkey|name)|Rows Removed by Filter: [1-9]/);
    },
  );

  it.each([
    ['relevance', /Bitmap Index Scan on artifacts_words/],
    ['newest', /Index Scan Backward using artifacts_pkey/],
    ['oldest', /Index Scan using artifacts_pkey/],
    ['name', /Index Scan using artifacts_name/],
  ])('of a word that too many have, by %s, reads an index', async (sort, index) => {
    const plan = await planOfSearch('common', sort);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan on artifacts/);
  });

  it('looks for similar words by their beginnings and endings', async () => {
    const plan = await planOf(
      `select * from search.similar_words('[{"text":"comon","isExcluded":false,"isPrefix":false}]')`,
    );
    expect(plan).toMatch(/using vocabulary_pkey/);
    expect(plan).toMatch(/using vocabulary_endings/);
    expect(plan).not.toMatch(/Seq Scan on vocabulary/);
  });

  const rowsByKey = /Index Cond: \(\(workspace_id = [^)]*\)[^)]*\) AND \(id = hits\.id\)\)/;
  it.each([
    ['artifacts?limit=10', /Index Scan Backward using artifacts_pkey/],
    ['artifacts?limit=10&sort=name', /Index Scan using artifacts_name/],
    ['artifacts?limit=10&tag=rare', /artifact_tags_pkey/],
    ['artifacts?limit=10&tag=kept&tag=rare&sort=oldest', /artifact_tags_pkey/],
    ['artifacts?limit=10&query=rarity', rowsByKey],
    ['artifacts?limit=10&status=failed', /Index Scan Backward using artifacts_status/],
    ['artifacts?limit=10&kind=file', /Index Scan Backward using artifacts_kind/],
    ['artifacts?limit=10&createdTo=2020-01-01T00:00:00Z', /artifacts_pkey/],
    ['artifacts/facets', /artifacts_pkey/],
    ['tags?prefix=ra', /artifact_tags_folded/],
    ['tags', /artifact_tags_artifact/],
  ])('%s reads an index and not the workspace', async (path, index) => {
    const plan = await planOf(await hearQuery(`/api/v1/${path}`));
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan on artifact|Rows Removed by (Join )?Filter: \d{3,}/);
  });

  it('counts up to 10,000, finds all of a rare word and the newest of a common one, and mends what is mistyped', async () => {
    const list = (query: string) => get<List>(`/api/v1/artifacts?${query}`);
    expect((await list('query=rarity&limit=100')).items).toHaveLength(40);
    expect((await list('query=common&limit=2&count=true')).total).toBe(10_000);
    expect((await list('limit=1&count=true')).total).toBe(10_000);
    expect((await get<Facets>('/api/v1/artifacts/facets')).total).toBe(10_000);
    const { items } = await list('query=common&limit=2&sort=newest');
    expect(items.map(({ name }) => name)).toEqual(['Specimen 24000', 'Specimen 23998']);
    expect((await list('query=comon%20rarety&limit=2')).correctedQuery).toBe('common rarity');
  });
});
