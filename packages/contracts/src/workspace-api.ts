import { Type } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Uuid } from './text.ts';
import { Member, MemberPatch, NewWorkspace, Transfer, Workspace, WorkspacePatch } from './workspace.ts';

const tags = ['Workspaces'];
const params = Type.Object({ workspaceId: Uuid('The workspace') }, { additionalProperties: false });
const memberParams = Type.Object(
  { workspaceId: Uuid('The workspace'), userId: Uuid('The member') },
  { additionalProperties: false },
);
const denied = { 400: Problem, 401: Problem, 404: Problem } as const;

export const createWorkspace = {
  method: 'POST',
  url: '/api/v1/workspaces',
  schema: {
    operationId: 'createWorkspace',
    summary: 'Make a workspace; you become its owner',
    tags,
    headers: IdempotencyHeaders,
    body: NewWorkspace,
    response: { 201: Workspace, 400: Problem, 401: Problem, 409: Problem, 422: Problem, 429: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const listWorkspaces = {
  method: 'GET',
  url: '/api/v1/workspaces',
  schema: {
    operationId: 'listWorkspaces',
    summary: 'The workspaces that you are a member of, oldest first',
    tags,
    querystring: Type.Object(
      {
        ...PageQuery.properties,
        deleted: Type.Optional(
          Type.Boolean({
            default: false,
            description: 'Instead, those that you own, were deleted, and can still be restored; default false',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    response: { 200: Page(Workspace), 400: Problem, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const getWorkspace = {
  method: 'GET',
  url: '/api/v1/workspaces/:workspaceId',
  schema: {
    operationId: 'getWorkspace',
    summary: 'One workspace',
    tags,
    params,
    response: { 200: Workspace, ...denied },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const updateWorkspace = {
  method: 'PATCH',
  url: '/api/v1/workspaces/:workspaceId',
  schema: {
    operationId: 'updateWorkspace',
    summary: 'Rename a workspace',
    description: 'For owners and admins. Needs `If-Match`. The slug stays, so that addresses do.',
    tags,
    params,
    body: WorkspacePatch,
    response: { 200: Workspace, ...denied, 403: Problem, 412: Problem, 428: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const deleteWorkspace = {
  method: 'DELETE',
  url: '/api/v1/workspaces/:workspaceId',
  schema: {
    operationId: 'deleteWorkspace',
    summary: 'Delete a workspace with all that is in it',
    description:
      'For owners. Needs `If-Match`. From now on nobody reaches it, and its API tokens are refused. Until `removedFrom` an ' +
      'owner may restore it; after that it is removed for good.',
    tags,
    params,
    response: { 200: Workspace, ...denied, 403: Problem, 412: Problem, 428: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const restoreWorkspace = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/restore',
  schema: {
    operationId: 'restoreWorkspace',
    summary: 'Bring a deleted workspace back as it was',
    description: 'For owners, until `removedFrom`.',
    tags,
    params,
    response: { 200: Workspace, ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const switchWorkspace = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/switch',
  schema: {
    operationId: 'switchWorkspace',
    summary: 'Make it the current workspace of your session',
    description: 'Requests of this session that send no `Hortus-Workspace` are about it from now on.',
    tags,
    params,
    response: { 200: Workspace, ...denied },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const leaveWorkspace = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/leave',
  schema: {
    operationId: 'leaveWorkspace',
    summary: 'Leave a workspace',
    description:
      'The API tokens that you made and the invitations that you sent end as well. The last owner can’t leave.',
    tags,
    params,
    response: { 204: Type.Null({ description: 'You are no member any more' }), ...denied, 409: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const transferWorkspace = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/transfer',
  schema: {
    operationId: 'transferWorkspace',
    summary: 'Hand your ownership over to another member',
    description: 'For owners. The member becomes an owner and you an admin, both at once or not at all.',
    tags,
    params,
    body: Transfer,
    response: { 200: Workspace, ...denied, 403: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const listMembers = {
  method: 'GET',
  url: '/api/v1/workspaces/:workspaceId/members',
  schema: {
    operationId: 'listMembers',
    summary: 'The members of a workspace, in an order that stays',
    tags,
    params,
    querystring: PageQuery,
    response: { 200: Page(Member), ...denied },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const updateMember = {
  method: 'PATCH',
  url: '/api/v1/workspaces/:workspaceId/members/:userId',
  schema: {
    operationId: 'updateMember',
    summary: 'Give a member another role',
    description:
      'Holds from the next request of the member on. Owners give any role, admins give `admin` and `member` to those who are ' +
      'no owners. The last owner stays one. Takes no `If-Match`: it says the role that is wanted, and nothing is lost by it.',
    tags,
    params: memberParams,
    body: MemberPatch,
    response: { 200: Member, ...denied, 403: Problem, 409: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const removeMember = {
  method: 'DELETE',
  url: '/api/v1/workspaces/:workspaceId/members/:userId',
  schema: {
    operationId: 'removeMember',
    summary: 'Remove a member, or leave',
    description:
      'Holds from the next request of the member on; the API tokens that they made and the invitations that they sent end as ' +
      'well. Everybody may leave, but for the last owner.',
    tags,
    params: memberParams,
    response: {
      204: Type.Null({ description: 'The person is no member any more' }),
      ...denied,
      403: Problem,
      409: Problem,
    },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;
