import type { Knex } from 'knex';
import type { AuditAction, AuditEntry } from '@hortus/contracts/audit-api';
import type { WorkspacePart } from '@hortus/contracts/event-api';
import { appendPartEvents } from '../events/event-repo.ts';

/** What a person is known by. */
export type KnownBy = { readonly sessionId: string } | { readonly apiTokenId: string } | { readonly mailedLink: true };

/** Who did it: a person, or the product itself. A `Member` of a request is one. */
export type AuditActor = { readonly userId: string; readonly by: KnownBy } | 'hortus';

/** What was done. `before` and `after` hold what changed and no more, and never a secret. */
export interface Audited {
  readonly workspaceId: string;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly artifactId?: string;
  readonly before?: object | null;
  readonly after?: object | null;
}

/* Everything here needs the scope `workspaceId`. */

type Thing<Action> = Action extends `${infer Name}.${string}` ? Name : never;

/** What a page shows of each thing that can be changed; artifacts have events of their own. */
const PARTS: Record<Thing<AuditAction>, readonly WorkspacePart[]> = {
  artifact: [],
  original: [],
  share: ['shares'],
  tag: ['tags'],
  workspace: ['workspace'],
  ownership: ['members'],
  member: ['members'],
  invitation: ['invitations'],
  api_token: ['apiTokens'],
};

function partsOf(audited: readonly Audited[]): WorkspacePart[] {
  const things = audited.map(({ action }) => action.slice(0, action.indexOf('.')) as Thing<AuditAction>);
  return [...new Set(things.flatMap((thing) => PARTS[thing]))];
}

/** Records what was done, in the transaction in which it is done, and tells the open pages of it. */
export async function appendAudit(tx: Knex.Transaction, audited: Audited): Promise<void> {
  await appendAudits(tx, [audited]);
}

/** The same for several things of one workspace. */
export async function appendAudits(tx: Knex.Transaction, audited: readonly Audited[]): Promise<void> {
  const entries = audited.map(({ workspaceId, actor, action, artifactId, before, after }) => {
    const by = actor === 'hortus' ? {} : { userId: actor.userId, ...actor.by };
    return { workspaceId, ...by, action, artifactId, before: before ?? null, after: after ?? null };
  });
  // Quoted names: the column names of a record are the fields of the JSON.
  await tx.raw(
    `insert into audit_log (workspace_id, user_id, session_id, api_token_id, action, artifact_id, before, after)
     select "workspaceId", "userId", "sessionId", "apiTokenId", action, "artifactId", before, after
     from jsonb_to_recordset(?::jsonb) as e (
       "workspaceId" uuid, "userId" uuid, "sessionId" uuid, "apiTokenId" uuid, action text, "artifactId" uuid,
       before jsonb, after jsonb)`,
    [JSON.stringify(entries)],
  );
  const parts = partsOf(audited);
  const [first] = audited;
  if (first !== undefined && parts.length > 0) await appendPartEvents(tx, { workspaceId: first.workspaceId, parts });
}

export interface AuditFilter {
  readonly userId: string | null;
  readonly action: AuditAction | null;
  readonly artifactId: string | null;
}

interface AuditRow extends Pick<AuditEntry, 'id' | 'action' | 'artifactId' | 'before' | 'after'> {
  readonly userId: string | null;
  readonly displayName: string | null;
  readonly sessionId: string | null;
  readonly apiTokenId: string | null;
  readonly createdAt: string;
}

/** Newest first, behind the entry `after`. One more than `limit` when there is a next page. */
export async function listAudit(
  tx: Knex.Transaction,
  filter: AuditFilter,
  page: { limit: number; after: string | null },
): Promise<AuditEntry[]> {
  const { userId, action, artifactId } = filter;
  const query = tx('auditLog as a')
    .joinRaw('left join lateral directory.find_member(a.user_id) as u on true')
    .select('a.id', 'a.action', 'a.artifactId', 'a.before', 'a.after', 'a.userId', 'a.sessionId', 'a.apiTokenId')
    .select('a.createdAt', 'u.displayName')
    .orderBy('a.id', 'desc')
    .limit(page.limit + 1);
  if (userId !== null) query.where('a.userId', userId);
  if (action !== null) query.where('a.action', action);
  if (artifactId !== null) query.where('a.artifactId', artifactId);
  if (page.after !== null) query.where('a.id', '<', page.after);
  const rows = (await query) as AuditRow[];
  return rows.map((row) => ({
    id: row.id,
    at: row.createdAt,
    action: row.action,
    actor: {
      kind: row.apiTokenId !== null ? 'api_token' : row.sessionId !== null ? 'session' : 'hortus',
      userId: row.userId,
      displayName: row.displayName,
      credentialId: row.apiTokenId ?? row.sessionId,
    },
    artifactId: row.artifactId,
    before: row.before,
    after: row.after,
  }));
}
