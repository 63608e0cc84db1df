import { Type, type Static } from 'typebox';
import { Tag } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Timestamp, Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

/** Artifacts that one request changes at the most. */
export const BATCH_ARTIFACTS_MAX = 500;
/** Artifacts in one archive at the most: their ids stand in its address. */
export const ZIP_ARTIFACTS_MAX = 200;

const tags = ['Many artifacts at once'];
const headers = Type.Object({ ...WorkspaceHeaders.properties, ...IdempotencyHeaders.properties });
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

/** What became of an artifact of a request about many. */
export const BATCH_OUTCOMES = ['done', 'unchanged', 'stale', 'not_found', 'too_many_tags'] as const;
export type BatchOutcome = (typeof BATCH_OUTCOMES)[number];

export const BatchItem = Type.Object(
  {
    id: Uuid('The artifact'),
    revision: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Change it only at this revision' }),
    ),
  },
  { additionalProperties: false, description: 'An artifact of the request' },
);
export type BatchItem = Static<typeof BatchItem>;

export const BatchResult = Type.Object(
  {
    id: Uuid('The artifact'),
    outcome: Type.Enum(BATCH_OUTCOMES as unknown as BatchOutcome[], {
      description:
        '`done`; `unchanged`: it was so already; `stale`: it is at another revision; `not_found`: the workspace has none ' +
        'of this id there; `too_many_tags`: it would have more than 20. All but the first have changed nothing',
    }),
    revision: Type.Union([Type.Integer(), Type.Null()], { description: 'Its revision now; null when `not_found`' }),
  },
  { description: 'What became of one artifact' },
);
export type BatchResult = Static<typeof BatchResult>;

const items = Type.Array(BatchItem, {
  minItems: 1,
  maxItems: BATCH_ARTIFACTS_MAX,
  description: 'The artifacts, 1 to 500; one that is named twice is changed once, as it is named first',
});
const Results = Type.Object(
  { items: Type.Array(BatchResult, { description: 'What became of each, in the order of the request' }) },
  { description: 'What became of each artifact' },
);
const response = { 200: Results, ...denied, 409: Problem, 413: Problem, 422: Problem } as const;
const someTags = (description: string) =>
  Type.Optional(Type.Array(Tag, { maxItems: 20, uniqueItems: true, description }));

export const tagArtifacts = {
  method: 'POST',
  url: '/api/v1/artifacts/bulk/tag',
  schema: {
    operationId: 'tagArtifacts',
    summary: 'Add tags to artifacts and take tags off them',
    description: 'Everything is done in one transaction. A tag that is named in both lists is added.',
    tags,
    headers,
    body: Type.Object(
      { items, add: someTags('Tags that they get'), remove: someTags('Tags that they lose') },
      { additionalProperties: false },
    ),
    response,
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const trashArtifacts = {
  method: 'POST',
  url: '/api/v1/artifacts/bulk/trash',
  schema: {
    operationId: 'trashArtifacts',
    summary: 'Put artifacts into the trash',
    description: 'Everything is done in one transaction.',
    tags,
    headers,
    body: Type.Object({ items }, { additionalProperties: false }),
    response,
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const restoreArtifacts = {
  method: 'POST',
  url: '/api/v1/artifacts/bulk/restore',
  schema: {
    operationId: 'restoreArtifacts',
    summary: 'Take artifacts out of the trash',
    description: 'Everything is done in one transaction.',
    tags,
    headers,
    body: Type.Object({ items }, { additionalProperties: false }),
    response,
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const createZipAddress = {
  method: 'POST',
  url: '/api/v1/artifacts/zip',
  schema: {
    operationId: 'createZipAddress',
    summary: 'Get an address from which the originals of artifacts are downloaded as one zip',
    description:
      'The address needs no header, so that a browser can follow it. It works for some minutes, and only while you are a ' +
      'member. Nothing is stored.',
    tags,
    headers: WorkspaceHeaders,
    body: Type.Object(
      {
        ids: Type.Array(Uuid('An artifact'), {
          minItems: 1,
          maxItems: ZIP_ARTIFACTS_MAX,
          uniqueItems: true,
          description: 'The artifacts, 1 to 200',
        }),
      },
      { additionalProperties: false },
    ),
    response: {
      201: Type.Object(
        {
          url: Type.String({ description: 'The address, without a host' }),
          expiresAt: Timestamp('Until when a download can be begun'),
          files: Type.Integer({ description: 'How many files the archive has' }),
          sizeBytes: Type.Integer({ description: 'Size of the files together, in bytes' }),
          empty: Type.Array(Uuid('An artifact'), { description: 'Artifacts that have no original and are left out' }),
        },
        { description: 'Where the archive is downloaded from' },
      ),
      ...denied,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getZip = {
  method: 'GET',
  url: '/api/v1/artifacts/zip',
  schema: {
    operationId: 'getZip',
    summary: 'The originals of artifacts as one zip',
    description:
      'By the address that `POST` to the same path gave. Streamed, not compressed, of a known length: a download that ends ' +
      'early has failed.',
    tags,
    produces: ['application/zip'],
    querystring: Type.Object(
      {
        ticket: Type.String({ pattern: '^[\\w-]{87,5000}$', description: 'Who asked, and for which artifacts' }),
        expires: Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'When the address stops to work, in seconds since 1970',
        }),
        signature: Type.String({ maxLength: 100, description: 'Proves that the api gave this address' }),
      },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Unsafe<NodeJS.ReadableStream | Buffer>({
        type: 'string',
        format: 'binary',
        description: 'The archive',
      }),
      400: Problem,
      403: Problem,
      404: Problem,
      429: Problem,
    },
  },
  config: { access: 'signed' },
} as const satisfies Endpoint;
