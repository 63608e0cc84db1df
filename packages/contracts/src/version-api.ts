import { Type, type Static } from 'typebox';
import { ARTIFACT_KINDS, Artifact, Original, Picture, type ArtifactKind } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Versions'];
const params = Type.Object({ id: Uuid('The artifact') }, { additionalProperties: false });
const versionParams = Type.Object(
  {
    id: Uuid('The artifact'),
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The version of the original' }),
  },
  { additionalProperties: false },
);
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;
const Bytes = (description: string) =>
  Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description });

export const Version = Type.Object(
  {
    ...Original.properties,
    isCurrent: Type.Boolean({ description: 'It is the original of the artifact now' }),
    uploadedBy: Type.Union([Uuid('The person'), Type.Null()], {
      description: 'Who uploaded it or brought it back; null where it was Hortus itself or is not known',
    }),
    kind: Type.Enum(ARTIFACT_KINDS as unknown as ArtifactKind[], { description: 'What it is, told from the bytes' }),
    picture: Type.Union([Picture, Type.Null()], { description: 'How it looks, as far as the gardener got with it' }),
  },
  { description: 'An original that the artifact has or had' },
);
export type Version = Static<typeof Version>;

export const listVersions = {
  method: 'GET',
  url: '/api/v1/artifacts/:id/versions',
  schema: {
    operationId: 'listVersions',
    summary: 'The originals that an artifact has had, newest first',
    tags,
    headers,
    params,
    querystring: PageQuery,
    response: { 200: Page(Version), ...denied },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getVersionOriginal = {
  method: 'GET',
  url: '/api/v1/artifacts/:id/versions/:version/original',
  schema: {
    operationId: 'getVersionOriginal',
    summary: 'Download the bytes of a version',
    description: 'Takes `Range` and `If-None-Match`.',
    tags,
    produces: ['application/octet-stream'],
    headers,
    params: versionParams,
    response: {
      200: Bytes('The bytes'),
      206: Bytes('A range'),
      304: Type.Null({ description: 'The bytes are as you have them' }),
      ...denied,
      416: Problem,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const restoreVersion = {
  method: 'POST',
  url: '/api/v1/artifacts/:id/versions/:version/restore',
  schema: {
    operationId: 'restoreVersion',
    summary: 'Make an earlier original the original again',
    description:
      'It becomes a new version, so that nothing is lost. Variants that stand are used again at once; else the gardener ' +
      'starts anew. The version that is the original already is left as it is. `If-Match` is taken and not needed.',
    tags,
    headers: Type.Object({ ...headers.properties, ...IdempotencyHeaders.properties }),
    params: versionParams,
    response: { 200: Artifact, ...denied, 409: Problem, 412: Problem, 422: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
