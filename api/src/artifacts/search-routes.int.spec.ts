import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewArtifact } from '@hortus/contracts/artifact';
import type { Facets, FoundArtifact } from '@hortus/contracts/artifact-api';
import type { Problem } from '@hortus/contracts/errors';
import type { TagCount } from '@hortus/contracts/tag-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';

interface List {
  readonly items: FoundArtifact[];
  readonly nextCursor: string | null;
  readonly correctedQuery?: string;
  readonly total?: number;
}
type Query = Readonly<Record<string, string | readonly string[]>>;

function toUrl(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return `${path}?${new URLSearchParams(pairs).toString()}`;
}

describe('finding', () => {
  let api: TestApi;
  let reader: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 30_000);
  afterAll(() => api.close());

  async function get<Body>(path: string, query: Query, person = reader): Promise<Body> {
    const answer = await person.call({ method: 'GET', url: toUrl(path, query) });
    expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
    return answer.json<Body>();
  }
  const list = (query: Query, person = reader) => get<List>('/api/v1/artifacts', query, person);
  const names = async (query: Query, person = reader) => (await list(query, person)).items.map(({ name }) => name);
  async function refusal(query: Query, person = reader): Promise<[number, string]> {
    const answer = await person.call({ method: 'GET', url: toUrl('/api/v1/artifacts', query) });
    return [answer.statusCode, answer.json<Problem>().code];
  }

  describe('by a query', () => {
    const said: NewArtifact[] = [
      { name: 'Red oak', description: 'An old tree by the river', tags: ['Tree', 'autumn'] },
      { name: 'Ünïcode Crème brûlée', description: 'oak is mentioned', metadata: { place: 'Straße 7', heightM: 12.5 } },
      { name: 'Дуб зелёный', description: 'у лукоморья' },
      { name: '春天的海棠花', tags: ['花'] },
      { name: 'red-oak_final.v2.JPG', description: 'tree old' },
      { name: `${'x'.repeat(150)} end`, description: 'd'.repeat(10_000) },
      { name: '!!!', description: '🌳' },
    ];
    beforeAll(async () => {
      reader = (await api.plant('Reader', ['member'])).people.member;
      for (const artifact of said) expect(await reader.createArtifact(artifact)).toMatchObject({ name: artifact.name });
      await stranger.createArtifact({ name: 'Red oak of another', tags: ['Tree', 'secret'] });
    });

    it.each([
      ['red oak', ['Red oak', 'red-oak_final.v2.JPG']],
      ['RED -final', ['Red oak']],
      ['-oak -"old tree"', ['Дуб зелёный', '春天的海棠花', `${'x'.repeat(150)} end`, '!!!']],
      ['"old tree"', ['Red oak']],
      ['"oak an"', []],
      ['creme BRULEE', ['Ünïcode Crème brûlée']],
      ['crè', ['Ünïcode Crème brûlée']],
      ['"crè"', []],
      ['strasse 7', ['Ünïcode Crème brûlée']],
      ['ДУБ зел', ['Дуб зелёный']],
      ['海棠', ['春天的海棠花']],
      ['棠海', []],
      ['jpg', ['red-oak_final.v2.JPG']],
      ['x'.repeat(150), [`${'x'.repeat(150)} end`]],
      ['!!! 🌳', []],
    ])('%s finds what has its words', async (query, expected) => {
      const { items, total } = await list({ query, count: 'true' });
      expect([items.map(({ name }) => name).sort(), total]).toEqual([[...expected].sort(), expected.length]);
    });

    it.each([
      ['rde oka', null, []],
      ['rivr', 'river', ['Red oak']],
      ['old tree rivre', 'old tree river', ['Red oak']],
      ['"an old" rivver -final', '"an old" river -final', ['Red oak']],
      ['брулее', null, []],
      ['лукаморья', 'лукоморья', ['Дуб зелёный']],
      ['mentoned CREME', 'mentioned CREME', ['Ünïcode Crème brûlée']],
      ['menti', null, ['Ünïcode Crème brûlée']],
    ])('%s, which may be mistyped, is answered as %s', async (query, corrected, expected) => {
      const { items, correctedQuery, total } = await list({ query, count: 'true' });
      expect([items.map(({ name }) => name), correctedQuery ?? null, total]).toEqual([
        expected,
        corrected,
        expected.length,
      ]);
      if (corrected !== null) {
        expect(items[0]?.highlights?.length).toBeGreaterThan(0);
        expect((await get<Facets>('/api/v1/artifacts/facets', { query })).total).toBe(expected.length);
      }
    });

    it('marks what matches, ranks a name above a description, and finds no deleted artifact', async () => {
      const { items } = await list({ query: 'oak' });
      expect(items.at(-1)?.name).toBe('Ünïcode Crème brûlée');
      expect(items.find(({ name }) => name === 'Red oak')?.highlights).toEqual([
        { field: 'name', text: 'Red oak', ranges: [{ start: 4, end: 7 }] },
      ]);
      const { id } = await reader.createArtifact({ name: 'Quince', tags: ['fruit'] });
      expect(await names({ query: 'fruit' })).toEqual(['Quince']);
      await reader.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
      expect([await names({ query: 'fruit' }), await names({ tag: 'fruit' })]).toEqual([[], []]);
    });

    it('is text, whatever operators of SQL or of text search are in it', async () => {
      const parts = ["'", "''", '\\', "\\'", '%', ':*', 'a:A', '&', '|', '!', '<->', '(', ')', '--', '/*', ';', '$$', '?', ':terms', `@${stranger.workspaceId}`, '"', '-', "' or 1=1 --", '½', 'ﷺ', 'İ', 'red', 'oak', ' ']; // prettier-ignore
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 }), async (chosen) => {
          const query = chosen.join('').slice(0, 200);
          expect(await names({ query })).not.toContain('Red oak of another');
        }),
        { numRuns: 80 },
      );
      expect(await names({ query: 'red oak' }, stranger)).toEqual(['Red oak of another']);
    }, 30_000);

    it('is refused with NUL, half a character or too much of it', async () => {
      for (const query of ['query=%00', 'query=a%00b', 'tag=a&tag=%00', `query=${'q'.repeat(201)}`]) {
        const answer = await reader.call({ method: 'GET', url: `/api/v1/artifacts?${query}` });
        expect([query, answer.statusCode]).toEqual([query, 400]);
      }
      // Half a pair can't be written in an address: its bytes are no UTF-8, and are read as something else.
      const half = await reader.call({ method: 'GET', url: '/api/v1/artifacts?query=%ed%a0%80' });
      expect(half.statusCode).toBeLessThan(500);
    });
  });

  describe('by filters', () => {
    const TAGS = ['a', 'b', 'c'];
    let all: FoundArtifact[];
    beforeAll(async () => {
      reader = (await api.plant('Lister', ['member'])).people.member;
      for (let index = 0; index < 24; index += 1) {
        const tags = TAGS.filter((_, bit) => (index >> bit) & 1);
        const name = `${index % 3 === 0 ? 'Pear' : 'apple'} ${String(index % 7)}`;
        await reader.createArtifact({ name, tags, description: index % 2 === 0 ? 'even' : 'odd' });
      }
      await api.database.query(
        `update artifacts set kind = 'picture', status = 'ready' where workspace_id = $1 and name like 'apple%'`,
        [reader.workspaceId],
      );
      await stranger.createArtifact({ name: 'apple 1', tags: TAGS, description: 'even' });
      all = (await list({ limit: '100' })).items;
    });

    const filter = fc.record(
      {
        tag: fc.subarray(TAGS),
        kind: fc.constantFrom('picture', 'file'),
        status: fc.constantFrom('ready', 'empty'),
        query: fc.constantFrom('even', 'apple', 'pea'),
        from: fc.nat(23),
        to: fc.nat(23),
      },
      { requiredKeys: [] },
    );
    type Filter = typeof filter extends fc.Arbitrary<infer Value> ? Value : never;

    function toQuery({ from, to, ...rest }: Filter): Query {
      return {
        ...(rest as Query),
        ...(from !== undefined && { createdFrom: String(all[from]?.createdAt) }),
        ...(to !== undefined && { createdTo: String(all[to]?.createdAt) }),
      };
    }
    /** What is right by the rules of the test itself; the newest first. */
    function expected({ tag = [], kind, status, query, from, to }: Filter): FoundArtifact[] {
      return all.filter(
        (artifact) =>
          `${artifact.name} ${artifact.description}`.toLowerCase().includes(query ?? '') &&
          tag.every((one) => artifact.tags.includes(one)) &&
          (kind === undefined || artifact.kind === kind) &&
          (status === undefined || artifact.status === status) &&
          (from === undefined || artifact.createdAt >= String(all[from]?.createdAt)) &&
          (to === undefined || artifact.createdAt < String(all[to]?.createdAt)),
      );
    }

    it('pages of any size visit each artifact once and in order, while others come and go; counts agree', async () => {
      const sorts = fc.constantFrom('newest', 'oldest', 'name', 'relevance');
      await fc.assert(
        fc.asyncProperty(filter, sorts, fc.integer({ min: 2, max: 12 }), async (chosen, sort, limit) => {
          if (sort === 'relevance' && chosen.query === undefined) return;
          const right = expected(chosen);
          const seen: FoundArtifact[] = [];
          let cursor: string | null = '';
          while (cursor !== null) {
            const more: Query = cursor === '' ? {} : { cursor };
            const page: List = await list({ ...toQuery(chosen), sort, limit: String(limit), count: 'true', ...more });
            expect(page.total).toBe(right.length);
            seen.push(...page.items);
            cursor = page.nextCursor;
            const { id } = await reader.createArtifact({ name: 'apple pear even', tags: TAGS });
            await reader.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
          }
          const ids = (artifacts: readonly FoundArtifact[]) => artifacts.map(({ id }) => id);
          expect(ids(seen).sort()).toEqual(ids(right).sort());
          if (sort === 'newest') expect(ids(seen)).toEqual(ids(right));
          if (sort === 'oldest') expect(ids(seen)).toEqual(ids(right).reverse());
          const keys = seen.map(({ name }) => name.toLowerCase());
          if (sort === 'name') expect(keys).toEqual([...keys].sort());

          const facets = await get<Facets>('/api/v1/artifacts/facets', toQuery(chosen));
          const tagCounts = TAGS.map((tag) => [tag, right.filter(({ tags }) => tags.includes(tag)).length] as const);
          expect(Object.fromEntries(facets.tags.map(({ tag, count }) => [tag, count]))).toEqual(
            Object.fromEntries(tagCounts.filter(([, count]) => count > 0)),
          );
          expect(facets.statuses.reduce((sum, { count }) => sum + count, 0)).toBe(right.length);
          expect(facets.kinds.map(({ count }) => count)).toEqual(
            [right.filter(({ kind }) => kind === 'picture').length].filter((count) => count > 0),
          );
        }),
        { numRuns: 30 },
      );
    }, 30_000);

    it('pages on through a mended query when somebody writes the mistyped word meanwhile', async () => {
      const query = { query: 'aplpe odd', limit: '3' };
      const seen: string[] = [];
      for (let page = await list(query); ; page = await list({ ...query, cursor: page.nextCursor })) {
        expect(page.correctedQuery).toBe('apple odd');
        seen.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === null) break;
        const { id } = await reader.createArtifact({ name: 'aplpe odd' });
        await reader.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });
      }
      expect(seen.sort()).toEqual(
        expected({ query: 'apple' })
          .filter(({ description }) => description === 'odd')
          .map(({ id }) => id)
          .sort(),
      );
    });

    it('refuses a cursor of another query, order or workspace, one that was tampered with, and what is no filter', async () => {
      const query = { query: 'apple', limit: '1' };
      const cursor = String((await list(query)).nextCursor);
      await list({ ...query, limit: '3', count: 'true', cursor });
      const others: Query[] = [{}, { query: 'even' }, { ...query, sort: 'name' }, { ...query, tag: 'a' }];
      for (const other of others) expect(await refusal({ ...other, cursor })).toEqual([400, 'CURSOR_INVALID']);
      expect(await refusal({ ...query, cursor }, stranger)).toEqual([400, 'CURSOR_INVALID']);
      for (let at = 0; at < cursor.length; at += 7) {
        const tampered = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
        expect(await refusal({ ...query, cursor: tampered })).toEqual([400, 'CURSOR_INVALID']);
      }
      const wrong: Query[] = [{ sort: 'relevance' }, { sort: 'size' }, { kind: 'video' }, { createdFrom: 'today' }];
      for (const one of wrong) expect([one, await refusal(one)]).toEqual([one, [400, 'REQUEST_INVALID']]);
    });
  });

  it('completes, renames and merges tags of the workspace; revisions and events say so', async () => {
    reader = (await api.plant('Tagger', ['member'])).people.member;
    await reader.createArtifact({ name: '1', tags: ['Tree', 'élan', 'a'] });
    await reader.createArtifact({ name: '2', tags: ['a', 'Tree', 'treetop'] });
    await stranger.createArtifact({ name: '3', tags: ['Treehouse', 'a'] });
    const complete = async (prefix: string) => (await get<{ items: TagCount[] }>('/api/v1/tags', { prefix })).items;
    expect(await complete('TRE')).toEqual([{ tag: 'Tree', count: 2 }, { tag: 'treetop', count: 1 }]); // prettier-ignore
    expect(await complete('ela')).toEqual([{ tag: 'élan', count: 1 }]);
    const rename = (tag: string, name: string) =>
      reader.call({ method: 'PATCH', url: `/api/v1/tags/${encodeURIComponent(tag)}`, payload: { name } });
    expect((await rename('a', 'Tree')).json()).toEqual({ tag: 'Tree', count: 2 });
    const { items } = await list({ sort: 'name' });
    expect(items.map(({ tags, revision }) => [tags, revision])).toEqual([[['Tree', 'élan'], 2], [['Tree', 'treetop'], 2]]); // prettier-ignore
    const events = await api.database.query('select 1 from events where workspace_id = $1 and part is null', [reader.workspaceId]); // prettier-ignore
    expect(events).toHaveLength(4);
    expect(await names({ tag: 'a' }, stranger)).toContain('3');
    expect((await rename('Tree', '花'.repeat(50))).json()).toMatchObject({ count: 2 });
    expect((await rename('花'.repeat(50), '100% / "?#')).json()).toMatchObject({ count: 2 });
    expect((await list({ query: '花', count: 'true' })).total).toBe(0);
    const foreign = await rename('Treehouse', 'x');
    expect([foreign.statusCode, foreign.json<Problem>().code]).toEqual([404, 'TAG_NOT_FOUND']);
  });
});
