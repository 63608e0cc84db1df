import { Type, type Static } from 'typebox';
import {
  ARTIFACT_KINDS,
  ARTIFACT_STATUSES,
  Artifact,
  ArtifactPatch,
  Manifest,
  NewArtifact,
  Tag,
  type ArtifactKind,
  type ArtifactStatus,
} from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Text, Timestamp, Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Artifacts'];
const params = Type.Object({ id: Uuid('The artifact') }, { additionalProperties: false });
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

export const ARTIFACT_SORTS = ['newest', 'oldest', 'name', 'relevance'] as const;
export type ArtifactSort = (typeof ARTIFACT_SORTS)[number];

/** Artifacts that are counted at the most. */
export const COUNTED_MAX = 10_000;

/** Matches of a `query` that are ranked at the most. */
export const RANKED_MAX = 2000;

const filters = {
  query: Type.Optional(
    Text({
      maxLength: 200,
      description:
        'Words that must all be in name, tags, description or metadata; `"a phrase"`; `-not`. The last word may be just ' +
        'begun. Case and accents do not matter',
    }),
  ),
  tag: Type.Optional(
    Type.Array(Tag, { maxItems: 20, description: 'A tag that it must have; may be given several times' }),
  ),
  kind: Type.Optional(
    Type.Enum(ARTIFACT_KINDS as unknown as ArtifactKind[], { description: 'What the original must be' }),
  ),
  status: Type.Optional(
    Type.Enum(ARTIFACT_STATUSES as unknown as ArtifactStatus[], { description: 'How far the gardener must be' }),
  ),
  createdFrom: Type.Optional(Timestamp('Made at this moment or later')),
  createdTo: Type.Optional(Timestamp('Made before this moment')),
};

/** Which artifacts; filters that are given must all hold. */
export const ArtifactFilters = Type.Object(filters, { additionalProperties: false });
export type ArtifactFilters = Static<typeof ArtifactFilters>;

const ArtifactsQuery = Type.Object(
  {
    ...PageQuery.properties,
    ...filters,
    sort: Type.Optional(
      Type.Enum(ARTIFACT_SORTS as unknown as ArtifactSort[], {
        description: 'Order of the list; default `relevance` with `query`, which it needs, else `newest`',
      }),
    ),
    count: Type.Optional(Type.Boolean({ description: 'Answer `total` as well; default false' })),
  },
  { additionalProperties: false },
);

export const HIGHLIGHT_FIELDS = ['name', 'tags', 'description', 'metadata'] as const;

export const Highlight = Type.Object(
  {
    field: Type.Enum([...HIGHLIGHT_FIELDS], { description: 'Where it stands' }),
    text: Type.String({
      description: 'The text around the match, plain and not escaped; `…` where something is cut off',
    }),
    ranges: Type.Array(
      Type.Object({
        start: Type.Integer({ description: 'Where the match begins in `text`, in UTF-16 code units' }),
        end: Type.Integer({ description: 'Where it ends, exclusive' }),
      }),
      { description: 'What matches, in order, without overlaps' },
    ),
  },
  { description: 'A text of an artifact that matches the query' },
);
export type Highlight = Static<typeof Highlight>;

export const FoundArtifact = Type.Object(
  {
    ...Artifact.properties,
    highlights: Type.Optional(
      Type.Array(Highlight, { description: 'Why it was found; only with `query`, at most 10' }),
    ),
  },
  { description: 'An artifact of a list, with what matches' },
);
export type FoundArtifact = Static<typeof FoundArtifact>;

const count = Type.Integer({ description: 'How many artifacts' });

export const Facets = Type.Object(
  {
    total: Type.Integer({ description: `How many artifacts were counted, ${String(COUNTED_MAX)} at the most` }),
    tags: Type.Array(Type.Object({ tag: Tag, count }), { description: 'The 50 most frequent tags' }),
    kinds: Type.Array(
      Type.Object({
        kind: Type.Enum(ARTIFACT_KINDS as unknown as ArtifactKind[], { description: 'What the original is' }),
        count,
      }),
      { description: 'Kinds that occur; artifacts without an original have none' },
    ),
    statuses: Type.Array(
      Type.Object({
        status: Type.Enum(ARTIFACT_STATUSES as unknown as ArtifactStatus[], { description: 'How far the gardener is' }),
        count,
      }),
      { description: 'Statuses that occur' },
    ),
  },
  { description: 'How the artifacts that the filters leave are spread; each list by count, most first' },
);
export type Facets = Static<typeof Facets>;

export const createArtifact = {
  method: 'POST',
  url: '/api/v1/artifacts',
  schema: {
    operationId: 'createArtifact',
    summary: 'Make an artifact; its bytes follow by `PUT …/original`',
    tags,
    headers: Type.Object({ ...headers.properties, ...IdempotencyHeaders.properties }),
    body: NewArtifact,
    response: { 201: Artifact, ...denied, 409: Problem, 413: Problem, 422: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const listArtifacts = {
  method: 'GET',
  url: '/api/v1/artifacts',
  schema: {
    operationId: 'listArtifacts',
    summary: 'List and find the artifacts of the workspace',
    description:
      `Of the matches of a \`query\`, ${String(RANKED_MAX)} at the most are ranked by \`relevance\`; other orders are exact. ` +
      'Where nothing has the words of the query, words of the workspace that are like them are taken, and ' +
      '`correctedQuery` says so.',
    tags,
    headers,
    querystring: ArtifactsQuery,
    response: {
      200: Type.Object({
        ...Page(FoundArtifact).properties,
        correctedQuery: Type.Optional(
          Type.String({ description: 'The query that was answered, where nothing has the words that were given' }),
        ),
        total: Type.Optional(
          Type.Integer({
            description: `How many there are over all pages, ${String(COUNTED_MAX)} at the most; only with \`count\``,
          }),
        ),
      }),
      ...denied,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getFacets = {
  method: 'GET',
  url: '/api/v1/artifacts/facets',
  schema: {
    operationId: 'getFacets',
    summary: 'Count the artifacts by tag, kind and status',
    description: `Counts ${String(COUNTED_MAX)} artifacts at the most; without a \`query\` the newest.`,
    tags,
    headers,
    querystring: ArtifactFilters,
    response: { 200: Facets, ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getArtifact = {
  method: 'GET',
  url: '/api/v1/artifacts/:id',
  schema: {
    operationId: 'getArtifact',
    summary: 'One artifact',
    tags,
    headers,
    params,
    response: { 200: Artifact, ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const updateArtifact = {
  method: 'PATCH',
  url: '/api/v1/artifacts/:id',
  schema: {
    operationId: 'updateArtifact',
    summary: 'Change what is said of an artifact',
    description: 'Needs `If-Match` with the `ETag` that you saw. 412 carries the artifact as it stands now.',
    tags,
    headers,
    params,
    body: ArtifactPatch,
    response: { 200: Artifact, ...denied, 412: Problem, 413: Problem, 428: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const replaceArtifact = {
  method: 'PUT',
  url: '/api/v1/artifacts/:id',
  schema: {
    operationId: 'replaceArtifact',
    summary: 'Say anew all that is said of an artifact',
    description: 'What is absent is cleared. Needs `If-Match`, as a `PATCH` does. The original stays.',
    tags,
    headers,
    params,
    body: NewArtifact,
    response: { 200: Artifact, ...denied, 412: Problem, 413: Problem, 428: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const deleteArtifact = {
  method: 'DELETE',
  url: '/api/v1/artifacts/:id',
  schema: {
    operationId: 'deleteArtifact',
    summary: 'Put an artifact into the trash',
    description:
      'Needs `If-Match` with the `ETag` that you saw. From now on nothing but the trash shows it, and no new addresses of ' +
      'its pictures are given; addresses that were given before work until they expire, two days at the most. After the ' +
      'time that the trash keeps it, it is deleted for good.',
    tags,
    headers,
    params,
    response: { 204: Type.Null({ description: 'It is in the trash' }), ...denied, 412: Problem, 428: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const putOriginal = {
  method: 'PUT',
  url: '/api/v1/artifacts/:id/original',
  schema: {
    operationId: 'putOriginal',
    summary: 'Upload the bytes of an artifact',
    description:
      'The body is the bytes as they are, of any media type. The first original needs no `If-Match`, since it replaces ' +
      'nothing; a further one does. The gardener starts on a picture at once.',
    tags,
    consumes: ['application/octet-stream', 'image/*'],
    headers,
    params,
    response: { 200: Artifact, ...denied, 412: Problem, 413: Problem, 428: Problem, 503: Problem, 507: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getOriginal = {
  method: 'GET',
  url: '/api/v1/artifacts/:id/original',
  schema: {
    operationId: 'getOriginal',
    summary: 'Download the bytes of an artifact',
    description: 'Takes `Range` and `If-None-Match`.',
    tags,
    produces: ['application/octet-stream'],
    headers,
    params,
    response: {
      200: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'The bytes' }),
      206: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'A range' }),
      304: Type.Null({ description: 'The bytes are as you have them' }),
      ...denied,
      416: Problem,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getManifest = {
  method: 'GET',
  url: '/api/v1/artifacts/:id/manifest',
  schema: {
    operationId: 'getManifest',
    summary: 'Which variants of a picture exist',
    tags,
    headers,
    params,
    response: { 200: Manifest, ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
