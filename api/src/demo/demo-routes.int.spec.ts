import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '@hortus/contracts/artifact';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { signIn } from '../../../tools/test/fixtures/people.ts';

const SHA = 'a'.repeat(64);
const picture = {
  key: 'a-fern',
  artifact: { name: 'A fern', tags: ['fern'] },
  original: { contentType: 'image/jpeg', sizeBytes: 10, sha256: SHA },
};

describe('the demo', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  }, 30_000);
  afterAll(() => api.close());

  const put = (besideOthers = false) =>
    api.asService({ method: 'PUT', url: '/internal/v1/demo', payload: { besideOthers } });
  const count = async (table: string) =>
    Number((await api.database.query<{ count: string }>(`select count(*) as count from ${table}`))[0]?.count);

  it('is made once, and a second time changes nothing', async () => {
    const first = await put();
    expect(first.statusCode).toBe(200);
    const { workspaces } = first.json<{ workspaces: { id: string; slug: string }[] }>();
    expect(workspaces.map(({ slug }) => slug)).toEqual(['acme-corp', 'umbrella-inc']);
    expect((await put()).json()).toEqual(first.json());
    expect([await count('workspaces'), await count('users'), await count('memberships')]).toEqual([2, 3, 3]);
    const owner = await signIn(api.app, 'owner@acme.com', 'demo password');
    expect(owner.json()).toMatchObject({ workspaces: [{ slug: 'acme-corp', role: 'owner' }] });

    const artifacts = `/internal/v1/demo/workspaces/${workspaces[0]?.id ?? ''}/artifacts`;
    const made = [
      await api.asService({ method: 'PUT', url: artifacts, payload: picture }),
      await api.asService({ method: 'PUT', url: artifacts, payload: picture }),
    ];
    expect(made.map((answer) => answer.json<{ created: boolean }>().created)).toEqual([true, false]);
    expect(await count('outbox')).toBe(1);

    // Somebody deletes it: it is not put in again.
    const headers = {
      authorization: `Bearer ${owner.json<{ accessToken: string }>().accessToken}`,
      'hortus-workspace': workspaces[0]?.id ?? '',
    };
    const list = await api.app.inject({ method: 'GET', url: '/api/v1/artifacts', headers });
    const [artifact] = list.json<{ items: Artifact[] }>().items;
    await api.app.inject({
      method: 'DELETE',
      url: `/api/v1/artifacts/${artifact?.id ?? ''}`,
      headers: { ...headers, 'if-match': '*' },
    });
    const again = await api.asService({ method: 'PUT', url: artifacts, payload: picture });
    expect(again.json()).toEqual({ created: false });
  }, 30_000);

  it('is refused beside other workspaces, unless that is meant, and removing it leaves them alone', async () => {
    await api.asService({ method: 'DELETE', url: '/internal/v1/demo' });
    expect([await count('workspaces'), await count('users'), await count('artifacts')]).toEqual([0, 0, 0]);
    const own = await api.plant('Somebody', ['owner']);
    await own.people.owner.createArtifact();
    const refused = await put();
    expect(refused.json()).toMatchObject({ status: 409, code: 'DEMO_REFUSED' });
    expect(await count('workspaces')).toBe(1);
    expect((await put(true)).statusCode).toBe(200);
    const removed = await api.asService({ method: 'DELETE', url: '/internal/v1/demo' });
    expect(removed.json()).toEqual({ workspaces: 2, artifacts: 0 });
    expect([await count('workspaces'), await count('users'), await count('artifacts')]).toEqual([1, 1, 1]);
  }, 30_000);

  it('is refused where a workspace or a person of the same name is not of it, and leaves them alone', async () => {
    await api.database.query(`insert into workspaces (slug, name) values ('umbrella-inc', 'Ours')`);
    expect((await put(true)).json()).toMatchObject({ status: 409, code: 'DEMO_REFUSED' });
    await api.database.query(`delete from workspaces where slug = 'umbrella-inc'`);
    await api.database.query(
      `insert into users (email, display_name, password_hash) values ('owner@acme.com', 'Somebody', 'x')`,
    );
    expect((await put(true)).json()).toMatchObject({ status: 409, code: 'DEMO_REFUSED' });
    await api.asService({ method: 'DELETE', url: '/internal/v1/demo' });
    expect(await api.database.query(`select display_name from users where email = 'owner@acme.com'`)).toEqual([
      { display_name: 'Somebody' },
    ]);
    await api.database.query(`delete from users where email = 'owner@acme.com'`);
  });

  it('puts nothing into a workspace that is not of it', async () => {
    const own = await api.plant('Not the demo', []);
    const url = `/internal/v1/demo/workspaces/${own.id}/artifacts`;
    const answer = await api.asService({ method: 'PUT', url, payload: picture });
    expect(answer.json()).toMatchObject({ status: 404, code: 'WORKSPACE_NOT_FOUND' });
  });
});
