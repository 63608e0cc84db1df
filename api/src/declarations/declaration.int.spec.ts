import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import type { Problem } from '@hortus/contracts/errors';
import type { SignedIn } from '@hortus/contracts/auth-api';
import type { Workspace } from '@hortus/contracts/workspace';
import type { DeclarationPlan, DeclaredWorkspace, RemovalState, WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api'; // prettier-ignore
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readWaitingMails } from '../../../tools/test/fixtures/mails.ts';
import { TEST_PASSWORD, signIn, type TestPerson, type TestRequest } from '../../../tools/test/fixtures/people.ts';
import { createPerson } from '../auth/person-service.ts';
import { createPasswordHasher } from '../auth/password.ts';

describe('a workspace that a resource declares', () => {
  let api: TestApi;
  let ann: TestPerson;
  let id: string;
  let slug: string;

  beforeAll(async () => {
    api = await startTestApi();
    ann = (await api.plant('Home', ['owner'])).people.owner;
  });
  afterAll(() => api.close());
  beforeEach(() => {
    id = randomUUID();
    slug = `w-${id.slice(0, 8)}`;
  });

  const url = (path = '') => `/internal/v1/workspaces/${id}/declaration${path}`;
  const declaration = (more: Partial<WorkspaceDeclaration> = {}): WorkspaceDeclaration => ({
    resource: 'blue',
    manager: 'argocd',
    slug,
    members: [{ email: ann.email, role: 'owner' }],
    quota: {},
    isSuspended: false,
    ...more,
  });
  const declare = (more: Partial<WorkspaceDeclaration> = {}) =>
    api.asService({ method: 'PUT', url: url(), payload: declaration(more) });
  const codeOf = (answer: LightMyRequestResponse) => [answer.statusCode, answer.json<Partial<Problem>>().code ?? ''];
  const asAnn = (request: TestRequest) => ann.call({ ...request, headers: { 'hortus-workspace': id, 'if-match': '*', ...request.headers } }); // prettier-ignore
  const workspaceUrl = (path = '') => `/api/v1/workspaces/${id}${path}`;
  const see = async () => (await asAnn({ method: 'GET', url: workspaceUrl() })).json<Workspace>();
  const audit = async () =>
    (await asAnn({ method: 'GET', url: '/api/v1/audit' })).json<{ items: AuditEntry[] }>().items;
  async function register(email: string): Promise<string> {
    const parts = { knex: api.knex, hasher: createPasswordHasher(4), isTooCommon: () => false };
    await createPerson(parts, { email, displayName: 'New', password: TEST_PASSWORD });
    return email;
  }

  it('is made with its members, and says who manages what; the same again writes nothing', async () => {
    const first = await declare({ name: 'Blue', quota: { bytesMax: 10 } });
    expect(first.statusCode).toBe(200);
    expect(first.json()).toEqual({
      id,
      slug,
      name: 'Blue',
      resource: 'blue',
      members: [{ email: ann.email, role: 'owner', isInvited: false }],
      quota: { bytesMax: 10, artifactsMax: null },
      isSuspended: false,
      isDeleted: false,
    });
    const fields = ['workspace', 'isSuspended', 'name', 'members', 'bytesMax'];
    const seen = await see();
    expect(seen).toMatchObject({
      name: 'Blue',
      role: 'owner',
      managedBy: { resource: 'blue', manager: 'argocd', fields },
    });
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }) => void statements.push(sql);
    api.knex.on('query', note);
    const again = await declare({ name: 'Blue', quota: { bytesMax: 10 } });
    api.knex.removeListener('query', note);
    expect(again.json()).toEqual(first.json());
    expect(statements.filter((sql) => /^\s*(insert|update|delete|with)|for no key update/i.test(sql))).toEqual([]);
    expect(await see()).toEqual(seen);
  });

  it('is recorded in the audit log as what the field manager did, and told to open pages', async () => {
    await declare();
    await declare({ name: 'Other', isSuspended: true });
    const entries = await audit();
    expect(entries.map(({ action }) => action).sort()).toEqual(
      ['member.added', 'workspace.created', 'workspace.declared', 'workspace.declared', 'workspace.updated', 'workspace.updated'], // prettier-ignore
    );
    const by = { kind: 'resource', manager: 'argocd', userId: null, credentialId: null, displayName: null };
    for (const { actor } of entries) expect(actor).toEqual(by);
    const events = await api.database.query<{ part: string }>(
      'select distinct part from events where workspace_id = $1 order by 1',
      [id],
    );
    expect(events.map(({ part }) => part)).toEqual(['members', 'workspace']);
  });

  it('locks what the resource says, with a sentence that names manager and remedy, and leaves the rest free', async () => {
    const bob = await register(`bob-${slug}@x.test`);
    const members = [
      { email: ann.email, role: 'owner' as const },
      { email: bob, role: 'member' as const },
    ];
    await declare({ members });
    const [row] = await api.database.query<{ id: string }>('select id from users where email = $1', [bob]);
    const member = workspaceUrl(`/members/${row?.id ?? ''}`);
    const locked: TestRequest[] = [
      { method: 'PATCH', url: member, payload: { role: 'admin' } },
      { method: 'DELETE', url: member },
      { method: 'POST', url: workspaceUrl('/transfer'), payload: { userId: row?.id } },
      { method: 'POST', url: workspaceUrl('/invitations'), payload: { email: 'x@y.test', role: 'member' } },
      { method: 'DELETE', url: workspaceUrl() },
    ];
    for (const request of locked) {
      const answer = await asAnn(request);
      expect([request.method, request.url, ...codeOf(answer)]).toEqual([
        request.method,
        request.url,
        409,
        'FIELD_MANAGED',
      ]);
      expect(answer.json<Problem>().detail).toMatch(
        /^It is managed by argocd in the Workspace resource blue: .+ there\.$/,
      );
    }
    // The resource has no display name, so that is decided here.
    expect((await asAnn({ method: 'PATCH', url: workspaceUrl(), payload: { name: 'Mine' } })).statusCode).toBe(200);
    expect((await declare({ members })).json<DeclaredWorkspace>().name).toBe('Mine');
    await declare({ members, name: 'Theirs' });
    const renamed = await asAnn({ method: 'PATCH', url: workspaceUrl(), payload: { name: 'Mine again' } });
    expect(codeOf(renamed)).toEqual([409, 'FIELD_MANAGED']);
    expect((await asAnn({ method: 'POST', url: '/api/v1/artifacts', payload: { name: 'x' } })).statusCode).toBe(201);
  });

  it('leaves members to the browser where it names none', async () => {
    await declare();
    expect((await declare({ members: undefined as never })).json<DeclaredWorkspace>().members).toHaveLength(1);
    const invited = await asAnn({ method: 'POST', url: workspaceUrl('/invitations'), payload: { email: `x-${slug}@y.test`, role: 'member' } }); // prettier-ignore
    expect(invited.statusCode).toBe(201);
    // Named again, the list holds, and an invitation beside it goes.
    expect((await declare()).json<DeclaredWorkspace>().members).toHaveLength(1);
  });

  it('invites who has no account, who is a member once they have one and sign in', async () => {
    const email = `Carol-${slug}@x.test`.toLowerCase();
    const members = [
      { email: ann.email, role: 'owner' as const },
      { email, role: 'admin' as const },
    ];
    const answer = (await declare({ members })).json<DeclaredWorkspace>();
    expect(answer.members).toContainEqual({ email, role: 'admin', isInvited: true });
    const mails = await readWaitingMails(api.database, email);
    expect(mails).toHaveLength(1);
    await declare({ members });
    expect(await readWaitingMails(api.database, email)).toHaveLength(1);
    // However long ago that was: the mailed link expires, what the resource says does not.
    await api.database.query('update invitations set expires_at = now() where email = $1', [email]);
    await register(email);
    const { workspaces } = (await signIn(api.app, email, TEST_PASSWORD)).json<SignedIn>();
    expect(workspaces).toMatchObject([{ id, role: 'admin' }]);
    expect((await declare({ members })).json<DeclaredWorkspace>().members).toContainEqual({ email, role: 'admin', isInvited: false }); // prettier-ignore
    expect((await signIn(api.app, email, TEST_PASSWORD)).json<SignedIn>().workspaces).toHaveLength(1);
  });

  it('changes roles and lets people go, whose API tokens end', async () => {
    const bob = await register(`bob-${slug}@x.test`);
    const named = (role: 'admin' | 'member') => [
      { email: ann.email, role: 'owner' as const },
      { email: bob, role },
    ];
    await declare({ members: named('admin') });
    expect((await declare({ members: named('member') })).json<DeclaredWorkspace>().members).toContainEqual({ email: bob, role: 'member', isInvited: false }); // prettier-ignore
    expect((await declare()).json<DeclaredWorkspace>().members).toHaveLength(1);
    expect((await audit()).slice(0, 2).map(({ action }) => action)).toEqual(['member.removed', 'member.updated']);
  });

  it('can be read and not changed while it is suspended', async () => {
    await declare();
    const { id: artifactId } = (await asAnn({ method: 'POST', url: '/api/v1/artifacts', payload: { name: 'x' } })).json<{ id: string }>(); // prettier-ignore
    const token = await asAnn({ method: 'POST', url: workspaceUrl('/tokens'), payload: { name: 'T', scopes: ['read', 'write'], expiresInDays: 1 } }); // prettier-ignore
    await declare({ isSuspended: true });
    const writes: TestRequest[] = [
      { method: 'POST', url: '/api/v1/artifacts', payload: { name: 'y' } },
      { method: 'PATCH', url: `/api/v1/artifacts/${artifactId}`, payload: { name: 'y' } },
      { method: 'DELETE', url: `/api/v1/artifacts/${artifactId}` },
      { method: 'PATCH', url: workspaceUrl(), payload: { name: 'y' } },
      { method: 'POST', url: workspaceUrl('/leave') },
    ];
    for (const request of writes) {
      const answer = await asAnn(request);
      expect(codeOf(answer)).toEqual([409, 'WORKSPACE_SUSPENDED']);
      expect(answer.json<Problem>().detail).toMatch(/until then, read/);
    }
    const headers = { authorization: `Bearer ${token.json<{ token: string }>().token}` };
    const byToken = await api.app.inject({ method: 'POST', url: '/api/v1/artifacts', payload: { name: 'y' }, headers });
    expect(codeOf(byToken)).toEqual([409, 'WORKSPACE_SUSPENDED']);
    expect((await asAnn({ method: 'GET', url: `/api/v1/artifacts/${artifactId}` })).statusCode).toBe(200);
    expect((await asAnn({ method: 'POST', url: workspaceUrl('/switch') })).statusCode).toBe(200);
    expect(await see()).toMatchObject({ isSuspended: true });
    await declare();
    expect((await asAnn({ method: 'POST', url: '/api/v1/artifacts', payload: { name: 'y' } })).statusCode).toBe(201);
  });

  it('is planned without being changed, and refused in the plan as it would be', async () => {
    const plan = async (more: Partial<WorkspaceDeclaration> = {}) =>
      api.asService({ method: 'POST', url: url('/plan'), payload: declaration(more) });
    expect((await plan()).json<DeclarationPlan>()).toMatchObject({ isNew: true, changes: [{ field: 'resource' }, { field: `members[${ann.email}]` }] }); // prettier-ignore
    expect((await api.asService({ method: 'GET', url: url() })).statusCode).toBe(404);
    await declare();
    expect((await plan()).json()).toEqual({ isNew: false, changes: [] });
    expect((await plan({ name: 'New', quota: { artifactsMax: 3 } })).json<DeclarationPlan>().changes).toEqual([
      { field: 'name', from: slug, to: 'New' },
      { field: 'quota.artifactsMax', from: 'no limit', to: '3' },
    ]);
    expect(codeOf(await plan({ resource: 'green' }))).toEqual([409, 'WORKSPACE_DECLARED_ELSEWHERE']);
    expect(await see()).toMatchObject({ name: slug });
  });

  it('is declared by one resource, under the slug that it has, in a form that makes sense', async () => {
    await declare();
    const other = declaration({ resource: 'green' });
    const refused = await api.asService({ method: 'PUT', url: url(), payload: other });
    expect(codeOf(refused)).toEqual([409, 'WORKSPACE_DECLARED_ELSEWHERE']);
    expect(refused.json<Problem>().detail).toMatch(/declared by the Workspace resource blue/);
    expect(codeOf(await declare({ slug: `${slug}-x` }))).toEqual([409, 'SLUG_FIXED']);
    const taken = slug;
    id = randomUUID();
    expect(codeOf(await declare({ slug: taken }))).toEqual([409, 'SLUG_TAKEN']);
    slug = 'admin';
    expect(codeOf(await declare())).toEqual([400, 'SLUG_RESERVED']);
    slug = `w-${id.slice(0, 8)}`;
    expect(codeOf(await declare({ members: undefined as never }))).toEqual([400, 'REQUEST_INVALID']);
    expect(codeOf(await declare({ members: [{ email: ann.email, role: 'admin' }] }))).toEqual([400, 'REQUEST_INVALID']);
    const twice = [{ email: ann.email, role: 'owner' as const }, { email: ann.email.toUpperCase(), role: 'owner' as const }]; // prettier-ignore
    expect(codeOf(await declare({ members: twice }))).toEqual([400, 'REQUEST_INVALID']);
  });

  it('is made once by declarations that come at the same time', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => declare({ name: 'Once' })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect((await audit()).filter(({ action }) => action === 'workspace.created')).toHaveLength(1);
  });

  it('comes back where somebody had deleted it in the browser before it was declared', async () => {
    const made = await ann.call({ method: 'POST', url: '/api/v1/workspaces', payload: { name: 'Made here' } });
    ({ id, slug } = made.json<Workspace>());
    expect((await asAnn({ method: 'DELETE', url: workspaceUrl() })).statusCode).toBe(200);
    expect((await api.asService({ method: 'GET', url: url() })).json()).toMatchObject({
      isDeleted: true,
      resource: null,
    });
    expect((await declare()).json()).toMatchObject({ isDeleted: false, resource: 'blue', name: 'Made here' });
    expect(await see()).toMatchObject({ deletedAt: null });
  });

  it('is the browser’s again when it is released, writable, with all who belong to it', async () => {
    await declare({ isSuspended: true });
    const release = (resource: string) => api.asService({ method: 'DELETE', url: `${url()}?resource=${resource}` });
    expect(codeOf(await release('green'))).toEqual([409, 'WORKSPACE_DECLARED_ELSEWHERE']);
    expect((await release('blue')).statusCode).toBe(204);
    expect((await release('blue')).statusCode).toBe(204);
    expect(await see()).toMatchObject({ managedBy: null, isSuspended: false, role: 'owner' });
    expect((await asAnn({ method: 'PATCH', url: workspaceUrl(), payload: { name: 'Mine' } })).statusCode).toBe(200);
  });

  it('is listed while no resource declares it and none ever did', async () => {
    const made = await ann.call({ method: 'POST', url: '/api/v1/workspaces', payload: { name: 'Made here' } });
    ({ id, slug } = made.json<Workspace>());
    const listed = async () => {
      const list = await api.asService({ method: 'GET', url: '/internal/v1/undeclared-workspaces?limit=100' });
      return list.json<{ items: { id: string }[] }>().items.filter((item) => item.id === id);
    };
    expect(await listed()).toEqual([{ id, slug, name: 'Made here' }]);
    await declare({ members: undefined as never });
    expect(await see()).toMatchObject({ managedBy: { fields: ['workspace', 'isSuspended'] } });
    expect(await listed()).toEqual([]);
    await api.asService({ method: 'DELETE', url: `${url()}?resource=blue` });
    expect(await listed()).toEqual([]);
  });

  describe('is removed for good', () => {
    const request = (resource = 'blue') =>
      api.asService({ method: 'PUT', url: `/internal/v1/workspaces/${id}/removal-request`, payload: { resource } });
    const state = async () =>
      (
        await api.asService({ method: 'GET', url: `/internal/v1/workspaces/${id}/removal-request` })
      ).json<RemovalState>();
    async function remove(): Promise<void> {
      const step = (method: 'POST' | 'PUT', path: string, payload?: object) =>
        api.asService({ method, url: `/internal/v1/workspaces/${id}/removal${path}`, ...(payload === undefined ? {} : { payload }) }); // prettier-ignore
      await step('POST', '');
      while (!(await step('POST', '/rows')).json<{ isDone: boolean }>().isDone);
      await step('PUT', '/receipt', { objects: 0, objectBytes: 0, stoppedRuns: 0, removedRuns: 0 });
    }

    it('at once, only by its own resource, to the receipt; and can be declared and removed again', async () => {
      expect(await state()).toEqual({ isDone: true, receipt: null });
      await declare();
      expect(codeOf(await request('green'))).toEqual([409, 'WORKSPACE_DECLARED_ELSEWHERE']);
      expect((await request()).json()).toEqual({ isDone: false, receipt: null });
      expect((await request()).statusCode).toBe(200);
      expect(codeOf(await declare())).toEqual([409, 'REMOVAL_UNDER_WAY']);
      expect((await asAnn({ method: 'GET', url: workspaceUrl() })).statusCode).toBe(404);
      await remove();
      const { receipt, isDone } = await state();
      expect([isDone, receipt]).toEqual([true, expect.objectContaining({ id, slug })]);
      expect((await declare()).statusCode).toBe(200);
      expect(await state()).toEqual({ isDone: false, receipt: null });
      await request();
      await remove();
      const again = await state();
      expect(again.isDone).toBe(true);
      expect(Date.parse(again.receipt?.beganAt ?? '')).toBeGreaterThan(Date.parse(receipt?.beganAt ?? ''));
    });

    it('not where no resource declares it', async () => {
      const made = await ann.call({ method: 'POST', url: '/api/v1/workspaces', payload: { name: 'Made here' } });
      ({ id } = made.json<Workspace>());
      expect(codeOf(await request())).toEqual([409, 'WORKSPACE_NOT_DECLARED']);
      expect(await see()).toMatchObject({ deletedAt: null });
    });
  });
});
