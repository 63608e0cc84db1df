import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Uuid } from './text.ts';

const params = Type.Object({ workspaceId: Uuid('The workspace') }, { additionalProperties: false });

const limit = (what: string) =>
  Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
    description: `How many ${what} the workspace may keep; null for no limit`,
  });

export const Quota = Type.Object(
  { bytesMax: limit('bytes'), artifactsMax: limit('artifacts') },
  { additionalProperties: false, description: 'How much a workspace may keep' },
);
export type Quota = Static<typeof Quota>;

export const Usage = Type.Object(
  {
    bytes: Type.Integer({
      description: 'Bytes of originals, all versions and the trash included, each content once; no variants',
    }),
    uploadBytes: Type.Integer({ description: 'Bytes of resumable uploads that are not complete' }),
    artifacts: Type.Integer({ description: 'How many artifacts, the trash included' }),
    ...Quota.properties,
  },
  { description: 'What a workspace keeps, and how much it may keep' },
);
export type Usage = Static<typeof Usage>;

export const getUsage = {
  method: 'GET',
  url: '/api/v1/workspaces/:workspaceId/usage',
  schema: {
    operationId: 'getUsage',
    summary: 'What the workspace keeps, and how much it may keep',
    tags: ['Workspaces'],
    params,
    response: { 200: Usage, 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const putQuota = {
  method: 'PUT',
  url: '/internal/v1/workspaces/:workspaceId/quota',
  schema: {
    operationId: 'putQuota',
    summary: 'Set how much a workspace may keep; below what it keeps, it may only not grow',
    tags: ['Internal'],
    params,
    body: Quota,
    response: { 200: Usage, 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;
