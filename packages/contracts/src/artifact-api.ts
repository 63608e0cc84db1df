import { Type } from 'typebox';
import { Artifact, ArtifactPatch, Manifest, NewArtifact } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Page, PageQuery } from './pagination.ts';
import { Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Artifacts'];
const params = Type.Object({ id: Uuid('The artifact') }, { additionalProperties: false });
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

export const createArtifact = {
  method: 'POST',
  url: '/api/v1/artifacts',
  schema: {
    operationId: 'createArtifact',
    summary: 'Make an artifact; its bytes follow by `PUT …/original`',
    tags,
    headers,
    body: NewArtifact,
    response: { 201: Artifact, ...denied, 413: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const listArtifacts = {
  method: 'GET',
  url: '/api/v1/artifacts',
  schema: {
    operationId: 'listArtifacts',
    summary: 'List the artifacts of the workspace, newest first',
    tags,
    headers,
    querystring: PageQuery,
    response: { 200: Page(Artifact), ...denied },
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

export const deleteArtifact = {
  method: 'DELETE',
  url: '/api/v1/artifacts/:id',
  schema: {
    operationId: 'deleteArtifact',
    summary: 'Delete an artifact',
    description: 'Needs `If-Match` with the `ETag` that you saw.',
    tags,
    headers,
    params,
    response: { 204: Type.Null({ description: 'It is deleted' }), ...denied, 412: Problem, 428: Problem },
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
