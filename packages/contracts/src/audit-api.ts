import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Page, PageQuery } from './pagination.ts';
import { Timestamp, Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

/** Everything that the audit log can tell of: the thing, and what became of it. */
export const AUDIT_ACTIONS = [
  'artifact.created',
  'artifact.updated',
  'artifact.trashed',
  'artifact.restored',
  'artifact.purged',
  'original.uploaded',
  'original.restored',
  'share.created',
  'share.revoked',
  'tag.renamed',
  'workspace.created',
  'workspace.updated',
  'workspace.deleted',
  'workspace.restored',
  'workspace.declared',
  'workspace.released',
  'ownership.transferred',
  'member.added',
  'member.updated',
  'member.removed',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'invitation.accepted',
  'api_token.created',
  'api_token.revoked',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const Action = Type.Enum(AUDIT_ACTIONS as unknown as AuditAction[], { description: 'What was done' });
const State = (description: string) =>
  Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description });

export const AuditEntry = Type.Object(
  {
    id: Uuid('Identifies the entry'),
    at: Timestamp('When it was done'),
    action: Action,
    actor: Type.Object(
      {
        kind: Type.Enum(['session', 'api_token', 'resource', 'hortus'], {
          description:
            'A person in a browser, a program with an API token of theirs, the resource that declares the workspace, or Hortus itself',
        }),
        userId: Type.Union([Uuid('The person'), Type.Null()], { description: 'The person; null where it was nobody' }),
        displayName: Type.Union([Type.String(), Type.Null()], {
          description: 'The name of the person now; null where they are no member any more',
        }),
        credentialId: Type.Union([Uuid('The session or API token'), Type.Null()], {
          description: 'Which session or API token it was done with; null where it was none',
        }),
        manager: Type.Union([Type.String(), Type.Null()], {
          description: 'Who wrote the resource, such as `kubectl` or `argocd`; null where it was none',
        }),
      },
      { description: 'Who did it' },
    ),
    artifactId: Type.Union([Uuid('The artifact'), Type.Null()], { description: 'The artifact; null where it is none' }),
    before: State('What changed, as it was; null where there was nothing'),
    after: State('What changed, as it became; null where there is nothing any more'),
  },
  { description: 'Something that was done in the workspace' },
);
export type AuditEntry = Static<typeof AuditEntry>;

export const listAudit = {
  method: 'GET',
  url: '/api/v1/audit',
  schema: {
    operationId: 'listAudit',
    summary: 'What was done in the workspace, newest first',
    description:
      'For owners and admins. An entry commits together with what it tells of, and is never changed. The log goes with the ' +
      'workspace and not before. No secret stands in it.',
    tags: ['Audit'],
    headers: WorkspaceHeaders,
    querystring: Type.Object(
      {
        ...PageQuery.properties,
        actor: Type.Optional(Uuid('Only what this person did')),
        action: Type.Optional(Action),
        artifact: Type.Optional(Uuid('Only what was done to this artifact')),
      },
      { additionalProperties: false },
    ),
    response: { 200: Page(AuditEntry), 400: Problem, 401: Problem, 403: Problem, 404: Problem, 429: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
