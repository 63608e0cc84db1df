import { Type, type Static } from 'typebox';
import { ARTIFACT_KINDS, Manifest, type ArtifactKind } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Timestamp, Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

export const SHARE_LIFETIME_MAX_DAYS = 366;
export const SHARE_ARTIFACTS_MAX = 100;

const tags = ['Share links'];
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

export const NewShareLink = Type.Object(
  {
    artifactIds: Type.Array(Uuid('An artifact'), {
      minItems: 1,
      maxItems: SHARE_ARTIFACTS_MAX,
      uniqueItems: true,
      description: 'What is shared, in the order in which it is shown; 1 to 100 artifacts',
    }),
    expiresInDays: Type.Integer({
      minimum: 1,
      maximum: SHARE_LIFETIME_MAX_DAYS,
      description: 'For how many days the link works, 1 to 366',
    }),
    withOriginals: Type.Optional(
      Type.Boolean({
        description:
          'The originals may be downloaded as well, with all that is in them, such as where a photograph was taken; default false',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NewShareLink = Static<typeof NewShareLink>;

export const ShareLink = Type.Object(
  {
    id: Uuid('Identifies the share link'),
    userId: Uuid('The person who made it'),
    artifactIds: Type.Array(Uuid('An artifact'), { description: 'What is shared; what is in the trash is not shown' }),
    withOriginals: Type.Boolean({ description: 'The originals may be downloaded as well' }),
    createdAt: Timestamp('When it was made'),
    expiresAt: Timestamp('From when on it works no more'),
  },
  { description: 'A share link, without its secret' },
);
export type ShareLink = Static<typeof ShareLink>;

export const CreatedShareLink = Type.Object(
  {
    token: Type.String({ description: 'The secret of the link. It is told this once and never again' }),
    url: Type.String({ description: 'Where anybody reads what is shared, without a host' }),
    shareLink: ShareLink,
  },
  { description: 'A new share link' },
);
export type CreatedShareLink = Static<typeof CreatedShareLink>;

export const SharedArtifact = Type.Object(
  {
    id: Uuid('Identifies the artifact'),
    name: Type.String({ description: 'Its name' }),
    description: Type.String({ description: 'What it shows or is for' }),
    kind: Type.Union([Type.Enum(ARTIFACT_KINDS as unknown as ArtifactKind[]), Type.Null()], {
      description: 'What the original is; null while there is none',
    }),
    ...Type.Pick(Manifest, ['status', 'widthPx', 'heightPx', 'placeholder', 'variants', 'srcsets']).properties,
    originalUrl: Type.Union([Type.String(), Type.Null()], {
      description: 'Where the original is downloaded from; null where that is not shared, or there is none',
    }),
  },
  { description: 'An artifact as the link shows it. Addresses of pictures work for ten to twenty minutes' },
);
export type SharedArtifact = Static<typeof SharedArtifact>;

export const createShareLink = {
  method: 'POST',
  url: '/api/v1/share-links',
  schema: {
    operationId: 'createShareLink',
    summary: 'Make a link by which anybody may see artifacts',
    description:
      'Whoever has the link sees name, description and pictures, and nothing else of the workspace. It is the ' +
      "workspace's, and goes on when its maker leaves.",
    tags,
    headers: Type.Object({ ...headers.properties, ...IdempotencyHeaders.properties }),
    body: NewShareLink,
    response: { 201: CreatedShareLink, ...denied, 409: Problem, 413: Problem, 422: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const listShareLinks = {
  method: 'GET',
  url: '/api/v1/share-links',
  schema: {
    operationId: 'listShareLinks',
    summary: 'The share links that work, newest first',
    tags,
    headers,
    querystring: Type.Object(
      { ...PageQuery.properties, artifact: Type.Optional(Uuid('Only those that show this artifact')) },
      { additionalProperties: false },
    ),
    response: { 200: Page(ShareLink), ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const revokeShareLink = {
  method: 'DELETE',
  url: '/api/v1/share-links/:id',
  schema: {
    operationId: 'revokeShareLink',
    summary: 'Revoke a share link; it works no more from the next request on',
    description:
      'A link never changes, so no `If-Match` is asked for. Pictures that it showed are gone within 20 minutes.',
    tags,
    headers,
    params: Type.Object({ id: Uuid('The share link') }, { additionalProperties: false }),
    response: { 204: Type.Null({ description: 'It is revoked' }), ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

const token = Type.String({ maxLength: 600, description: 'The secret of the link' });

export const getShare = {
  method: 'GET',
  url: '/api/v1/shares/:token',
  schema: {
    operationId: 'getShare',
    summary: 'What a share link shows',
    description: 'Needs nothing but the link. One that never was, has expired or was revoked is answered the same.',
    tags,
    params: Type.Object({ token }, { additionalProperties: false }),
    response: {
      200: Type.Object(
        {
          expiresAt: Timestamp('From when on the link works no more'),
          artifacts: Type.Array(SharedArtifact, { description: 'What is shared' }),
        },
        { description: 'What is shared' },
      ),
      404: Problem,
      429: Problem,
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const getSharedOriginal = {
  method: 'GET',
  url: '/api/v1/shares/:token/artifacts/:id/original',
  schema: {
    operationId: 'getSharedOriginal',
    summary: 'Download the original of an artifact that is shared with its original',
    description: 'Takes `Range` and `If-None-Match`.',
    tags,
    produces: ['application/octet-stream'],
    params: Type.Object({ token, id: Uuid('The artifact') }, { additionalProperties: false }),
    response: {
      200: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'The bytes' }),
      206: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'A range' }),
      304: Type.Null({ description: 'The bytes are as you have them' }),
      400: Problem,
      404: Problem,
      416: Problem,
      429: Problem,
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;
