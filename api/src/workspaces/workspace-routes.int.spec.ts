import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Problem } from '@hortus/contracts/errors';
import type { Workspace } from '@hortus/contracts/workspace';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson, TestRequest } from '../../../tools/test/fixtures/people.ts';

describe('workspaces', () => {
  let api: TestApi;
  let ada: TestPerson;
  let admin: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi({ HORTUS_WORKSPACE_GRACE_DAYS: '3' });
    ({ owner: ada, admin, member } = (await api.plant('Acme', ['owner', 'admin', 'member'])).people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());

  function expectProblem(response: LightMyRequestResponse, status: number, code: string): Problem {
    const problem = response.json<Problem>();
    expect([response.statusCode, problem.code]).toEqual([status, code]);
    return problem;
  }
  const create = (payload: object, person = ada) => person.call({ method: 'POST', url: '/api/v1/workspaces', payload });
  /** The limit of a person is by the minute: most tests make their workspaces as the database's owner. */
  async function plantFor(person: TestPerson, role = 'owner', slug = `w-${randomUUID()}`): Promise<Workspace> {
    const [row] = await api.database.query<{ id: string }>(
      `with made as (insert into workspaces (slug, name) values ($1, 'Planted') returning id)
       insert into memberships (workspace_id, user_id, role) select id, $2, $3 from made returning workspace_id as id`,
      [slug, person.id, role],
    );
    return (await of(String(row?.id), person, { method: 'GET', url: '' })).json<Workspace>();
  }
  const of = (id: string, person: TestPerson, { url, ...request }: TestRequest) =>
    person.call({ ...request, url: `/api/v1/workspaces/${id}${url}` });
  const get = (id: string, person: TestPerson) => of(id, person, { method: 'GET', url: '' });

  describe('are made', () => {
    it('with the maker as owner, under the slug that is asked for', async () => {
      const response = await create({ name: 'Crème & Co.', slug: 'creme' });
      expect(response.statusCode).toBe(201);
      const workspace = response.json<Workspace>();
      expect(workspace).toEqual({
        id: expect.any(String),
        slug: 'creme',
        name: 'Crème & Co.',
        role: 'owner',
        revision: 1,
        createdAt: expect.stringMatching(/Z$/),
        deletedAt: null,
        removedFrom: null,
        isSuspended: false,
        managedBy: null,
      });
      expect(response.headers).toMatchObject({ etag: '"r1"', location: `/api/v1/workspaces/${workspace.id}` });
      expect((await get(workspace.id, ada)).json()).toEqual(workspace);
      expectProblem(await get(workspace.id, admin), 404, 'WORKSPACE_NOT_FOUND');
      expectProblem(await create({ name: 'Another', slug: 'creme' }), 409, 'SLUG_TAKEN');
    });

    it('under a slug of their name where none is asked for, and under another one when that is taken or reserved', async () => {
      const slugs = [];
      for (const name of ['Zimmer für Öl', 'zimmer FUR ol', 'Settings', '日本庭園']) {
        slugs.push((await create({ name })).json<Workspace>().slug);
      }
      expect(slugs).toEqual([
        'zimmer-fur-ol',
        expect.stringMatching(/^zimmer-fur-ol-[0-9a-f]{8}$/),
        expect.stringMatching(/^settings-[0-9a-f]{8}$/),
        'team',
      ]);
    });

    it.each(['A', 'a', 'ab_c', 'ab c', '-ab', 'ab-', 'a--b', 'ÄB', 'ab/../c', 'a\u0000b', 'ab\n', 'x'.repeat(64)])(
      'never under the slug %j',
      async (slug) => {
        expectProblem(await create({ name: 'Odd', slug }, stranger), 400, 'REQUEST_INVALID');
      },
    );

    it('never under a slug of the product', async () => {
      expectProblem(await create({ name: 'Odd', slug: 'settings' }), 400, 'SLUG_RESERVED');
    });

    it.each([
      ['nothing', ''],
      ['blanks', ' \t '],
      ['NUL', 'a\u0000b'],
      ['a line break', 'a\nb'],
      ['half of a surrogate pair', 'a\ud800b'],
      ['an override of direction', 'gpj.\u202eexe'],
      ['an isolate of direction', 'a\u2067b'],
      ['spaces without width only', '\u200b\u200b'],
      ['a space without width', 'Ac\u200bme'],
      ['joiners only', '\u200d\u200c'],
      ['101 characters', 'x'.repeat(101)],
    ])('never with a name of %s', async (_case, name) => {
      expectProblem(await create({ name }, stranger), 400, 'REQUEST_INVALID');
    });

    it('with names of any script, trimmed', async () => {
      for (const name of ['  حديقة النباتات ', 'גן בוטני', 'می‌خواهم', '👩‍🌾 Farm']) {
        const made = await plantFor(member);
        const renamed = await of(made.id, member, {
          method: 'PATCH',
          url: '',
          payload: { name },
          headers: { 'if-match': '*' },
        });
        expect(renamed.json()).toMatchObject({ name: name.trim() });
      }
    });

    it('once, when two ask for the same slug at once', async () => {
      const answers = await Promise.all(
        [stranger, member].map((person) => create({ name: 'R', slug: 'race' }, person)),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    });

    it('up to a number for each owner', async () => {
      await api.database.query(
        `with made as (insert into workspaces (slug, name) select 'many-' || n, 'M' from generate_series(1, 100) n returning id)
         insert into memberships (workspace_id, user_id, role) select id, $1, 'owner' from made`,
        [admin.id],
      );
      expectProblem(await create({ name: 'One more' }, admin), 409, 'LIMIT_REACHED');
      await api.database.query(`delete from workspaces where slug like 'many-%'`);
    });
  });

  describe('are listed', () => {
    it('to those who belong to them, page by page, and to nobody else', async () => {
      const first = await plantFor(stranger);
      const second = await plantFor(stranger, 'member');
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page = await stranger.call({ method: 'GET', url: `/api/v1/workspaces?limit=1${query}` });
        const body = page.json<{ items: Workspace[]; nextCursor: string | null }>();
        expect(body.items).toHaveLength(1);
        seen.push(...body.items.map(({ id }) => id));
        if (body.nextCursor !== null) {
          // Of another person, and of another list.
          const url = `/api/v1/workspaces?cursor=${body.nextCursor}`;
          expectProblem(await ada.call({ method: 'GET', url }), 400, 'CURSOR_INVALID');
          expectProblem(await stranger.call({ method: 'GET', url: `${url}&deleted=true` }), 400, 'CURSOR_INVALID');
        }
        cursor = body.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(expect.arrayContaining([stranger.workspaceId, first.id, second.id]));
      expect(seen).not.toContain(ada.workspaceId);
      expect(new Set(seen).size).toBe(seen.length);
    });
  });

  describe('are renamed', () => {
    const rename = (id: string, person: TestPerson, name: string, ifMatch?: string) =>
      of(id, person, {
        method: 'PATCH',
        url: '',
        payload: { name },
        ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
      });

    it('by owners and admins, as they were seen; the slug stays', async () => {
      const before = (await get(ada.workspaceId, ada)).json<Workspace>();
      expectProblem(await rename(before.id, admin, 'X'), 428, 'IF_MATCH_REQUIRED');
      const renamed = await rename(before.id, admin, 'Acme Two', `"r${String(before.revision)}"`);
      expect(renamed.json()).toEqual({
        ...before,
        role: 'admin',
        name: 'Acme Two',
        revision: before.revision + 1,
      });
      const stale = expectProblem(await rename(before.id, ada, 'Acme Three', '"r1"'), 412, 'REVISION_STALE');
      expect(stale.current).toMatchObject({ name: 'Acme Two', role: 'owner' });
      expectProblem(await rename(before.id, ada, 'X', 'r1'), 400, 'REQUEST_INVALID');
      expectProblem(await rename(before.id, member, 'X', '*'), 403, 'ROLE_TOO_LOW');
      expectProblem(await rename(before.id, stranger, 'X', '*'), 404, 'WORKSPACE_NOT_FOUND');
      expectProblem(await rename(randomUUID(), stranger, 'X', '*'), 404, 'WORKSPACE_NOT_FOUND');
      expect((await get(before.id, member)).json()).toMatchObject({ name: 'Acme Two', slug: before.slug });
    });

    it('by one of two who do it at once', async () => {
      const { id } = await plantFor(ada);
      const answers = await Promise.all(['One', 'Two'].map((name) => rename(id, ada, name, '"r1"')));
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
    });
  });

  describe('are switched to', () => {
    const list = (person: TestPerson) =>
      api.app.inject({
        method: 'GET',
        url: '/api/v1/artifacts',
        headers: { authorization: `Bearer ${person.accessToken}` },
      });

    it('by a session, whose requests are about it from then on', async () => {
      expectProblem(await list(member), 400, 'WORKSPACE_REQUIRED');
      await ada.createArtifact({ name: 'In Acme' });
      expect((await of(ada.workspaceId, member, { method: 'POST', url: '/switch' })).statusCode).toBe(200);
      expect((await list(member)).json()).toMatchObject({ items: [{ name: 'In Acme' }] });
      const other = await plantFor(member);
      await of(other.id, member, { method: 'POST', url: '/switch' });
      expect((await list(member)).json()).toMatchObject({ items: [] });
      // The header goes before it, and only this session has switched.
      expect((await member.call({ method: 'GET', url: '/api/v1/artifacts' })).json()).toMatchObject({
        items: [{ name: 'In Acme' }],
      });
      expectProblem(await list(ada), 400, 'WORKSPACE_REQUIRED');
    });

    it('by nobody who does not belong to it, nor after they were removed', async () => {
      expectProblem(
        await of(ada.workspaceId, stranger, { method: 'POST', url: '/switch' }),
        404,
        'WORKSPACE_NOT_FOUND',
      );
      const shared = await plantFor(ada);
      await api.database.query(`insert into memberships (workspace_id, user_id, role) values ($1, $2, 'member')`, [
        shared.id,
        stranger.id,
      ]);
      await of(shared.id, stranger, { method: 'POST', url: '/switch' });
      expect((await list(stranger)).statusCode).toBe(200);
      await of(shared.id, ada, { method: 'DELETE', url: `/members/${stranger.id}` });
      expectProblem(await list(stranger), 404, 'WORKSPACE_NOT_FOUND');
    });
  });

  describe('are deleted', () => {
    const remove = (id: string, person: TestPerson, ifMatch = '*') =>
      of(id, person, { method: 'DELETE', url: '', headers: { 'if-match': ifMatch } });
    const restore = (id: string, person: TestPerson) => of(id, person, { method: 'POST', url: '/restore' });

    it('by an owner only, as they were seen', async () => {
      const { id } = (await get(ada.workspaceId, ada)).json<Workspace>();
      expectProblem(await of(id, ada, { method: 'DELETE', url: '' }), 428, 'IF_MATCH_REQUIRED');
      expectProblem(await remove(id, ada, '"r999"'), 412, 'REVISION_STALE');
      expectProblem(await remove(id, admin), 403, 'ROLE_TOO_LOW');
      expectProblem(await remove(id, member), 403, 'ROLE_TOO_LOW');
      expectProblem(await remove(id, stranger), 404, 'WORKSPACE_NOT_FOUND');
      expect((await get(id, ada)).statusCode).toBe(200);
    });

    it('at once for everybody and every token, and come back as they were', async () => {
      const { id, people } = await api.plant('Short-lived', ['owner', 'member']);
      const { owner, member: peer } = people;
      await owner.createArtifact({ name: 'Kept' });
      await of(id, peer, { method: 'POST', url: '/switch' });
      const payload = { name: 'T', scopes: ['read'], expiresInDays: 1 };
      const made = await of(id, owner, { method: 'POST', url: '/tokens', payload });
      const { token } = made.json<{ token: string }>();
      const byToken = () =>
        api.app.inject({ method: 'GET', url: '/api/v1/artifacts', headers: { authorization: `Bearer ${token}` } });
      expect((await byToken()).statusCode).toBe(200);

      const deleted = (await remove(id, owner)).json<Workspace>();
      const graceMs = Date.parse(String(deleted.removedFrom)) - Date.parse(String(deleted.deletedAt));
      expect(graceMs).toBe(3 * 24 * 60 * 60 * 1000);
      expectProblem(await byToken(), 401, 'TOKEN_INVALID');
      for (const person of [owner, peer]) {
        expectProblem(await person.call({ method: 'GET', url: '/api/v1/artifacts' }), 404, 'WORKSPACE_NOT_FOUND');
        expectProblem(await get(id, person), 404, 'WORKSPACE_NOT_FOUND');
        expectProblem(await of(id, person, { method: 'GET', url: '/members' }), 404, 'WORKSPACE_NOT_FOUND');
        const me = await person.call({ method: 'GET', url: '/api/v1/me' });
        expect(me.json()).toMatchObject({ workspaces: [] });
      }
      const current = await api.app.inject({
        method: 'GET',
        url: '/api/v1/artifacts',
        headers: { authorization: `Bearer ${peer.accessToken}` },
      });
      expectProblem(current, 404, 'WORKSPACE_NOT_FOUND');
      expectProblem(await create({ name: 'Same', slug: deleted.slug }, stranger), 409, 'SLUG_TAKEN');

      const listDeleted = async (person: TestPerson) =>
        (await person.call({ method: 'GET', url: '/api/v1/workspaces?deleted=true' })).json<{ items: Workspace[] }>();
      expect((await listDeleted(owner)).items).toEqual([deleted]);
      expect((await listDeleted(peer)).items).toEqual([]);
      expectProblem(await restore(id, peer), 404, 'WORKSPACE_NOT_FOUND');
      expectProblem(await restore(id, stranger), 404, 'WORKSPACE_NOT_FOUND');
      const restored = await restore(id, owner);
      expect(restored.json()).toMatchObject({ id, deletedAt: null, removedFrom: null, role: 'owner' });
      expectProblem(await restore(id, owner), 404, 'WORKSPACE_NOT_FOUND');
      expect((await byToken()).json()).toMatchObject({ items: [{ name: 'Kept' }] });
    }, 30_000);

    it('for good when the time of grace is over: nobody restores them then', async () => {
      const { id } = await plantFor(ada);
      await remove(id, ada);
      await api.database.query('update workspaces set removed_from = now() where id = $1', [id]);
      expectProblem(await restore(id, ada), 404, 'WORKSPACE_NOT_FOUND');
      const deleted = await ada.call({ method: 'GET', url: '/api/v1/workspaces?deleted=true' });
      expect(deleted.json<{ items: Workspace[] }>().items.map((item) => item.id)).not.toContain(id);
    });
  });

  it('tell in the audit log what was done to them, and by whom', async () => {
    const made = (await create({ name: 'Audited' }, member)).json<Workspace>();
    await of(made.id, member, { method: 'PATCH', url: '', payload: { name: 'Audited' }, headers: { 'if-match': '*' } });
    await of(made.id, member, { method: 'PATCH', url: '', payload: { name: 'Seen' }, headers: { 'if-match': '*' } });
    await of(made.id, member, { method: 'DELETE', url: '', headers: { 'if-match': '*' } });
    await of(made.id, member, { method: 'POST', url: '/restore' });
    const log = await member.call({
      method: 'GET',
      url: '/api/v1/audit',
      headers: { 'hortus-workspace': made.id },
    });
    const { items } = log.json<{ items: { action: string; before: unknown; after: unknown; actor: object }[] }>();
    expect(items.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['workspace.restored', null, null],
      ['workspace.deleted', null, null],
      ['workspace.updated', { name: 'Audited' }, { name: 'Seen' }],
      ['workspace.created', null, { name: 'Audited', slug: made.slug }],
    ]);
    expect(items.every(({ actor }) => (actor as { userId: string }).userId === member.id)).toBe(true);
  });
});
