import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@hortus/contracts/audit-api';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { withWorkspace } from '../db/scope.ts';
import { appendAudit, appendAudits } from './audit-repo.ts';

describe('the audit log', () => {
  let api: TestApi;
  let ada: TestPerson;
  let admin: TestPerson;
  let member: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    api = await startTestApi();
    const { people } = await api.plant('Acme', ['owner', 'admin', 'member']);
    ({ owner: ada, admin, member } = people);
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
  }, 60_000);
  afterAll(() => api.close());

  async function list(query = '', person = ada): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    const answer = await person.call({ method: 'GET', url: `/api/v1/audit?${query}` });
    expect(answer.statusCode).toBe(200);
    return answer.json();
  }
  const append = (entry: Partial<Parameters<typeof appendAudit>[1]>) =>
    withWorkspace(api.knex, ada.workspaceId, (tx) =>
      appendAudit(tx, { workspaceId: ada.workspaceId, actor: 'hortus', action: 'artifact.purged', ...entry }),
    );

  it('tells who did what, when, and what it was before and after', async () => {
    const artifactId = randomUUID();
    const apiTokenId = randomUUID();
    await append({
      actor: { userId: ada.id, by: { apiTokenId } },
      action: 'artifact.updated',
      artifactId,
      before: { name: 'Oak', metadata: { 'by ?': 1 } },
      after: { name: 'Elm ﷽ 🌳', metadata: {} },
    });
    expect((await list(`artifact=${artifactId}`)).items).toEqual([
      {
        id: expect.any(String),
        at: expect.stringMatching(/Z$/),
        action: 'artifact.updated',
        actor: { kind: 'api_token', userId: ada.id, displayName: 'The owner', credentialId: apiTokenId, manager: null },
        artifactId,
        before: { name: 'Oak', metadata: { 'by ?': 1 } },
        after: { name: 'Elm ﷽ 🌳', metadata: {} },
      },
    ]);
  });

  it('is read by owners and admins of the workspace, and by nobody else', async () => {
    await append({ after: { name: 'A secret' } });
    expect((await list('', admin)).items).toEqual((await list('', ada)).items);
    const refused = await member.call({ method: 'GET', url: '/api/v1/audit' });
    expect(refused.json()).toMatchObject({ status: 403, code: 'ROLE_TOO_LOW' });
    expect((await list('', stranger)).items).toEqual([]);
  });

  it('is filtered by person, action and artifact, and paged by cursors of the same filter', async () => {
    const artifactId = randomUUID();
    const actor = { userId: member.id, by: { sessionId: randomUUID() } };
    await withWorkspace(api.knex, ada.workspaceId, (tx) =>
      appendAudits(
        tx,
        Array.from({ length: 5 }, (_, number) => ({
          workspaceId: ada.workspaceId,
          actor,
          action: number === 4 ? ('artifact.trashed' as const) : ('artifact.updated' as const),
          artifactId,
          after: { number },
        })),
      ),
    );
    const numbers = (entries: AuditEntry[]) => entries.map(({ after }) => after?.['number']);
    expect(numbers((await list(`artifact=${artifactId}`)).items)).toHaveLength(5);
    expect(numbers((await list(`actor=${member.id}&action=artifact.trashed`)).items)).toEqual([4]);
    expect((await list(`actor=${randomUUID()}`)).items).toEqual([]);

    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await list(`actor=${member.id}&limit=2${query}`);
      seen.push(...numbers(page.items));
      cursor = page.nextCursor;
    }
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4]);
    const first = await list(`actor=${member.id}&limit=2`);
    for (const query of ['', `actor=${ada.id}&`, 'action=artifact.updated&']) {
      const url = `/api/v1/audit?${query}cursor=${String(first.nextCursor)}`;
      expect((await ada.call({ method: 'GET', url })).json()).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    }
  });

  it('is only appended to: the role of the api can change no entry and delete none', async () => {
    const attempts = [
      'update audit_log set action = action',
      'update audit_log set before = null',
      'delete from audit_log',
      'truncate audit_log',
      'alter table audit_log disable row level security',
      'insert into audit_log (workspace_id, action) values (gen_random_uuid(), $$artifact.created$$)',
    ];
    for (const sql of attempts) {
      const attempt = withWorkspace(api.knex, ada.workspaceId, (tx) => tx.raw(sql));
      await expect(attempt).rejects.toMatchObject({ code: '42501' });
    }
    // Nor would the grant alone be enough: there is no policy for it.
    const count = async () => (await api.database.query('select 1 from audit_log')).length;
    const before = await count();
    await api.database.query('grant update, delete on audit_log to hortus_api');
    await withWorkspace(api.knex, ada.workspaceId, (tx) => tx.raw(`update audit_log set action = 'share.created'`));
    await withWorkspace(api.knex, ada.workspaceId, (tx) => tx.raw('delete from audit_log'));
    expect(await count()).toBe(before);
    expect((await list('action=share.created')).items).toEqual([]);
  });

  it('goes back with what it tells of', async () => {
    const artifactId = randomUUID();
    const failed = withWorkspace(api.knex, ada.workspaceId, async (tx) => {
      await appendAudit(tx, {
        workspaceId: ada.workspaceId,
        actor: 'hortus',
        action: 'artifact.purged',
        artifactId,
      });
      throw new Error('of the test');
    });
    await expect(failed).rejects.toThrow('of the test');
    expect((await list(`artifact=${artifactId}`)).items).toEqual([]);
  });
});
