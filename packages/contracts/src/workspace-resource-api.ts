import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Page, PageQuery } from './pagination.ts';
import { Quota } from './quota-api.ts';
import { RemovalReceipt } from './removal-api.ts';
import { Email, Uuid } from './text.ts';
import { MEMBERS_MAX, NewWorkspace, ROLES, SLUG_LENGTH_MAX, type Role } from './workspace.ts';
import { DECLARED_MEMBERS_MAX } from './workspace-resource.ts';

/** What the operator asks of the api. Every call may be repeated: the same again changes nothing. */
const tags = ['Internal'];
const params = Type.Object(
  { workspaceId: Uuid('The workspace, by an id that the operator has chosen') },
  { additionalProperties: false },
);
const denied = { 400: Problem, 401: Problem } as const;
const url = '/internal/v1/workspaces/:workspaceId/declaration';

const role = Type.Enum(ROLES as unknown as Role[], { description: 'What the person may do in the workspace' });

const ResourceName = Type.String({
  minLength: 1,
  maxLength: 253,
  description: 'The name of the Workspace resource, which is the only one that may declare this workspace',
});

/** A workspace as its resource declares it. What is absent is decided in the browser; what is there is locked in it. */
export const WorkspaceDeclaration = Type.Object(
  {
    resource: ResourceName,
    manager: Type.String({
      maxLength: 253,
      description: 'Who wrote the resource, such as `kubectl` or `argocd`; shown in the browser; empty where not known',
    }),
    slug: Type.String({
      minLength: 2,
      maxLength: SLUG_LENGTH_MAX,
      pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
      description: 'The name of the workspace in addresses; one that stands has it already',
    }),
    name: Type.Optional(NewWorkspace.properties.name),
    members: Type.Optional(
      Type.Array(
        Type.Object(
          { email: Email('Address by which the person signs in, in lower case'), role },
          { additionalProperties: false },
        ),
        {
          minItems: 1,
          maxItems: DECLARED_MEMBERS_MAX,
          description:
            'All who belong to the workspace, each once, with an owner; others leave. Needed where the workspace does not stand yet',
        },
      ),
    ),
    quota: Type.Partial(Quota, {
      additionalProperties: false,
      description: 'How much it may keep; what is absent stays as it is',
    }),
    isSuspended: Type.Boolean({ description: 'Whether it can be read and not changed' }),
  },
  { additionalProperties: false, description: 'A workspace as its resource declares it' },
);
export type WorkspaceDeclaration = Static<typeof WorkspaceDeclaration>;

export const DeclaredWorkspace = Type.Object(
  {
    id: Uuid('The workspace'),
    slug: Type.String({ description: 'Its name in addresses' }),
    name: Type.String({ description: 'The name that people see' }),
    resource: Type.Union([Type.String(), Type.Null()], {
      description: 'The name of the resource that declares it; null when none does',
    }),
    members: Type.Array(
      Type.Object({
        email: Type.String({ description: 'Address by which the person signs in' }),
        role,
        isInvited: Type.Boolean({ description: 'Whether the person has yet to make an account' }),
      }),
      { maxItems: MEMBERS_MAX, description: 'All who belong to the workspace or are invited to it, by address' },
    ),
    quota: Quota,
    isSuspended: Type.Boolean({ description: 'Whether it can be read and not changed' }),
    isDeleted: Type.Boolean({ description: 'Whether somebody deleted it in the browser' }),
  },
  { description: 'A workspace as it stands' },
);
export type DeclaredWorkspace = Static<typeof DeclaredWorkspace>;

export const DeclarationPlan = Type.Object(
  {
    isNew: Type.Boolean({ description: 'Whether the workspace would be made' }),
    changes: Type.Array(
      Type.Object({
        field: Type.String({ description: 'What would change, such as `members[ann@example.com].role`' }),
        from: Type.Union([Type.String(), Type.Null()], { description: 'What stands; null where it is new' }),
        to: Type.Union([Type.String(), Type.Null()], { description: 'What would stand; null where it would go' }),
      }),
      { description: 'What would change; empty where all is as declared' },
    ),
  },
  { description: 'What a declaration would change' },
);
export type DeclarationPlan = Static<typeof DeclarationPlan>;

export const declareWorkspace = {
  method: 'PUT',
  url,
  schema: {
    operationId: 'declareWorkspace',
    summary: 'Make or change a workspace as its resource declares it',
    description:
      'Makes the workspace under this id where none stands, and restores it where somebody deleted it in the browser. People ' +
      'without an account are invited. An id whose removal is finished may be declared again.',
    tags,
    params,
    body: WorkspaceDeclaration,
    response: { 200: DeclaredWorkspace, ...denied, 409: Problem, 503: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const planDeclaration = {
  method: 'POST',
  url: `${url}/plan`,
  schema: {
    operationId: 'planDeclaration',
    summary: 'What a declaration would change; nothing is changed. What would be refused is refused in the same way',
    tags,
    params,
    body: WorkspaceDeclaration,
    response: { 200: DeclarationPlan, ...denied, 409: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const readDeclaration = {
  method: 'GET',
  url,
  schema: {
    operationId: 'readDeclaration',
    summary: 'A workspace as it stands, declared or not',
    tags,
    params,
    response: { 200: DeclaredWorkspace, ...denied, 404: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

const byResource = Type.Object({ resource: ResourceName }, { additionalProperties: false });

export const releaseDeclaration = {
  method: 'DELETE',
  url,
  schema: {
    operationId: 'releaseDeclaration',
    summary: 'Leave a workspace as it is, to be decided in the browser from now on, writable again',
    description: 'Nothing is done where the workspace is not there, or is not declared.',
    tags,
    params,
    querystring: byResource,
    response: { 204: Type.Null({ description: 'No resource declares it any more' }), ...denied, 409: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const RemovalState = Type.Object(
  {
    isDone: Type.Boolean({ description: 'Whether nothing is left, also where there never was anything' }),
    receipt: Type.Union([RemovalReceipt, Type.Null()], {
      description: 'What was removed so far; null where the removal has not begun to delete, or there was nothing',
    }),
  },
  { description: 'How far a removal is' },
);
export type RemovalState = Static<typeof RemovalState>;

const removalUrl = '/internal/v1/workspaces/:workspaceId/removal-request';

export const requestRemoval = {
  method: 'PUT',
  url: removalUrl,
  schema: {
    operationId: 'requestRemoval',
    summary: 'Remove a declared workspace for good, at once and without a time of grace',
    description:
      'Starts the removal, or finds it begun, and says how far it is. Refused for another resource than its own.',
    tags,
    params,
    body: byResource,
    response: { 200: RemovalState, ...denied, 409: Problem, 503: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const readRemoval = {
  method: 'GET',
  url: removalUrl,
  schema: {
    operationId: 'readRemoval',
    summary: 'How far the removal of a workspace is',
    tags,
    params,
    response: { 200: RemovalState, ...denied },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const UndeclaredWorkspace = Type.Object(
  {
    id: Uuid('The workspace'),
    slug: Type.String({ description: 'Its name in addresses' }),
    name: Type.String({ description: 'The name that people see' }),
  },
  { description: 'A workspace that was made in the browser' },
);
export type UndeclaredWorkspace = Static<typeof UndeclaredWorkspace>;

export const listUndeclaredWorkspaces = {
  method: 'GET',
  url: '/internal/v1/undeclared-workspaces',
  schema: {
    operationId: 'listUndeclaredWorkspaces',
    summary: 'Workspaces that no resource declares and never did, by id; without deleted ones and those of the demo',
    description: 'One that was released stays out: whoever deleted its resource does not want it back.',
    tags,
    querystring: PageQuery,
    response: { 200: Page(UndeclaredWorkspace), ...denied },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;
