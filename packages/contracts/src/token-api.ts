import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Name, Timestamp, Uuid } from './text.ts';

/** What an API token allows: `read` is for GET and HEAD, `write` for every other method. */
export const TOKEN_SCOPES = ['read', 'write'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** What every API token begins with, so that people and scanners of secrets know one when they see it. */
export const API_TOKEN_START = 'hortus_';
export const API_TOKEN_LIFETIME_MAX_DAYS = 366;
/** API tokens of a workspace at the most, expired ones included. */
export const API_TOKENS_MAX = 100;

const Scopes = Type.Array(Type.Enum(TOKEN_SCOPES as unknown as TokenScope[], { description: 'One scope' }), {
  minItems: 1,
  maxItems: TOKEN_SCOPES.length,
  uniqueItems: true,
  description: 'What the token allows: `read` is for GET and HEAD, `write` for every other method',
});

export const NewApiToken = Type.Object(
  {
    name: Name({ maxLength: 100, description: 'What the token is for, 1 to 100 characters, one line' }),
    scopes: Scopes,
    expiresInDays: Type.Integer({
      minimum: 1,
      maximum: API_TOKEN_LIFETIME_MAX_DAYS,
      description: 'For how many days the token holds, 1 to 366',
    }),
  },
  { additionalProperties: false },
);
export type NewApiToken = Static<typeof NewApiToken>;

export const ApiToken = Type.Object(
  {
    id: Uuid('Identifies the API token'),
    userId: Uuid('The member who made it, and as whom it acts'),
    name: Type.String({ description: 'What the token is for' }),
    scopes: Scopes,
    prefix: Type.String({ description: 'The first characters of the token, by which it can be recognised' }),
    createdAt: Timestamp('When it was made'),
    expiresAt: Timestamp('From when on it holds no more'),
    lastUsedAt: Type.Union([Timestamp('When it was last used, to the minute'), Type.Null()], {
      description: 'When it was last used, to the minute; null when it never was',
    }),
  },
  { description: 'An API token, without its secret' },
);
export type ApiToken = Static<typeof ApiToken>;

export const CreatedApiToken = Type.Object(
  {
    token: Type.String({ description: 'The token itself, `hortus_…`. It is told this once and never again' }),
    apiToken: ApiToken,
  },
  { description: 'A new API token' },
);
export type CreatedApiToken = Static<typeof CreatedApiToken>;

const tags = ['API tokens'];
const params = Type.Object({ workspaceId: Uuid('The workspace') }, { additionalProperties: false });
const denied = { 400: Problem, 401: Problem, 404: Problem } as const;

export const createApiToken = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/tokens',
  schema: {
    operationId: 'createApiToken',
    summary: 'Make an API token of the workspace',
    description:
      'For owners and admins. The token is sent as `Authorization: Bearer hortus_…`, acts as you, with your role of the ' +
      'moment, in this workspace only, and ends with your membership.',
    tags,
    params,
    headers: IdempotencyHeaders,
    body: NewApiToken,
    response: { 201: CreatedApiToken, ...denied, 403: Problem, 409: Problem, 422: Problem, 429: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const listApiTokens = {
  method: 'GET',
  url: '/api/v1/workspaces/:workspaceId/tokens',
  schema: {
    operationId: 'listApiTokens',
    summary: 'The API tokens of the workspace, newest first',
    description: 'Owners and admins see all, members their own. Expired ones stay listed until they are revoked.',
    tags,
    params,
    querystring: PageQuery,
    response: { 200: Page(ApiToken), ...denied },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const revokeApiToken = {
  method: 'DELETE',
  url: '/api/v1/workspaces/:workspaceId/tokens/:tokenId',
  schema: {
    operationId: 'revokeApiToken',
    summary: 'Revoke an API token; it is refused from the next request on',
    description: 'Everybody may revoke their own, owners all, admins those of admins and members.',
    tags,
    params: Type.Object(
      { workspaceId: Uuid('The workspace'), tokenId: Uuid('The API token') },
      { additionalProperties: false },
    ),
    response: { 204: Type.Null({ description: 'It is revoked' }), ...denied, 403: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;
