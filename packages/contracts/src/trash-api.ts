import { Type, type Static } from 'typebox';
import { Artifact } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Timestamp, Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Trash'];
const params = Type.Object({ id: Uuid('The artifact') }, { additionalProperties: false });
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

export const TrashedArtifact = Type.Object(
  {
    ...Artifact.properties,
    deletedAt: Timestamp('When it was put into the trash'),
    keptUntil: Timestamp('Until when it can be restored; soon after, it is deleted for good'),
  },
  { description: 'An artifact in the trash' },
);
export type TrashedArtifact = Static<typeof TrashedArtifact>;

export const listTrash = {
  method: 'GET',
  url: '/api/v1/trash',
  schema: {
    operationId: 'listTrash',
    summary: 'The artifacts in the trash, those deleted last first',
    tags,
    headers,
    querystring: PageQuery,
    response: { 200: Page(TrashedArtifact), ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const restoreArtifact = {
  method: 'POST',
  url: '/api/v1/artifacts/:id/restore',
  schema: {
    operationId: 'restoreArtifact',
    summary: 'Take an artifact out of the trash',
    description: 'It is as it was, with its versions and shares. One that is not in the trash is left as it is.',
    tags,
    headers: Type.Object({ ...headers.properties, ...IdempotencyHeaders.properties }),
    params,
    response: { 200: Artifact, ...denied, 409: Problem, 422: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

/** How many artifacts one request takes out of the trash for good. */
export const TRASH_EMPTIED_AT_ONCE = 500;

export const emptyTrash = {
  method: 'POST',
  url: '/api/v1/trash/empty',
  schema: {
    operationId: 'emptyTrash',
    summary: 'Delete all that is in the trash for good',
    description:
      `For owners and admins. The oldest ${String(TRASH_EMPTIED_AT_ONCE)} at the most, so that no request takes long: ask again until ` +
      '`isEmpty`. What is put into the trash meanwhile may stay.',
    tags,
    headers: Type.Object({ ...headers.properties, ...IdempotencyHeaders.properties }),
    response: {
      200: Type.Object(
        {
          deleted: Type.Integer({ minimum: 0, description: 'How many artifacts are deleted for good' }),
          isEmpty: Type.Boolean({ description: 'Whether nothing is left' }),
        },
        { description: 'What became of the trash' },
      ),
      ...denied,
      403: Problem,
      409: Problem,
      422: Problem,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const purgeArtifact = {
  method: 'DELETE',
  url: '/api/v1/trash/:id',
  schema: {
    operationId: 'purgeArtifact',
    summary: 'Delete an artifact of the trash for good',
    description:
      'For owners and admins. Needs `If-Match` with the `ETag` of its revision. Bytes that no other artifact has are removed ' +
      'from the object store within some hours.',
    tags,
    headers,
    params,
    response: {
      204: Type.Null({ description: 'It is deleted for good' }),
      ...denied,
      403: Problem,
      412: Problem,
      428: Problem,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
