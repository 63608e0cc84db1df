import { Type } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Uploads'];
const params = Type.Object({ id: Uuid('The upload') }, { additionalProperties: false });
const denied = { 400: Problem, 401: Problem, 404: Problem, 412: Problem, 429: Problem } as const;
const written = {
  ...denied,
  409: Problem,
  410: Problem,
  413: Problem,
  415: Problem,
  428: Problem,
  503: Problem,
  507: Problem,
};

/** The answer's header that names the artifact of a complete upload. */
export const UPLOADED_ARTIFACT_HEADER = 'hortus-artifact';

/** The media type of bytes that are appended. */
export const TUS_MEDIA_TYPE = 'application/offset+octet-stream';

const TusHeaders = {
  ...WorkspaceHeaders.properties,
  'tus-resumable': Type.Optional(Type.String({ description: 'Always `1.0.0`; 412 without' })),
};
const headers = Type.Object(TusHeaders);

export const getUploadOptions = {
  method: 'OPTIONS',
  url: '/api/v1/uploads',
  schema: {
    operationId: 'getUploadOptions',
    summary: 'What of tus is spoken here: version, extensions, the largest upload',
    tags,
    response: { 204: Type.Null({ description: 'Told by the headers `Tus-Version`, `Tus-Extension`, `Tus-Max-Size`' }) },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const createUpload = {
  method: 'POST',
  url: '/api/v1/uploads',
  schema: {
    operationId: 'createUpload',
    summary: 'Begin a resumable upload (tus 1.0.0)',
    description:
      'For tus-js-client, Uppy and the like. When all bytes have come, they become a new artifact that is called as ' +
      '`filename` says, or, with `artifactId` in the metadata, the original of that artifact; then `If-Match` is needed ' +
      'where one is replaced. The last answer names the artifact in the header `Hortus-Artifact`.',
    tags,
    headers: Type.Object({
      ...TusHeaders,
      'upload-length': Type.Optional(Type.String({ description: 'Size of all bytes; or `Upload-Defer-Length: 1`' })),
      'upload-defer-length': Type.Optional(Type.String({ description: '`1`: the size is told later' })),
      'upload-metadata': Type.Optional(
        Type.String({
          maxLength: 4096,
          description: '`filename`, `filetype`, `artifactId`, each with its value in base64, separated by commas',
        }),
      ),
    }),
    response: { 201: Type.Null({ description: 'The header `Location` says where it goes on' }), ...written },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const getUploadOffset = {
  method: 'HEAD',
  url: '/api/v1/uploads/:id',
  schema: {
    operationId: 'getUploadOffset',
    summary: 'How many bytes of an upload have come, in the header `Upload-Offset`',
    tags,
    headers,
    params,
    response: { 200: Type.Null({ description: 'Told by the headers' }), ...denied, 410: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const appendUpload = {
  method: 'PATCH',
  url: '/api/v1/uploads/:id',
  schema: {
    operationId: 'appendUpload',
    summary: 'Send the next bytes of an upload',
    description:
      'What has come is kept when the connection breaks. Another `Upload-Offset` than what has come is a 409.',
    tags,
    consumes: [TUS_MEDIA_TYPE],
    headers: Type.Object({
      ...TusHeaders,
      'upload-offset': Type.Optional(Type.String({ description: 'Where the bytes belong: how many have come before' })),
      'upload-length': Type.Optional(Type.String({ description: 'Size of all bytes, where it was not told before' })),
    }),
    params,
    response: { 204: Type.Null({ description: 'They are stored; see `Upload-Offset`' }), ...written },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const deleteUpload = {
  method: 'DELETE',
  url: '/api/v1/uploads/:id',
  schema: {
    operationId: 'deleteUpload',
    summary: 'Give an upload up; its bytes are removed. An artifact that it has become stays',
    tags,
    headers,
    params,
    response: { 204: Type.Null({ description: 'It is gone' }), ...denied, 503: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
