import { Type, type Static } from 'typebox';
import { DroppedVariant, GardenFailure, NewArtifact, Placeholder, Variant } from './artifact.ts';
import { VariantTry } from './receipt-api.ts';
import { VARIANT_HASH_LENGTH } from './delivery-api.ts';
import { DEMO_WORKSPACES, type DemoWorkspaceSlug } from './demo.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Sha256, Text, Uuid, Whole } from './text.ts';

/** What the product's own programs ask of the api. No ingress routes `/internal/v1`. */
const tags = ['Internal'];
const denied = { 400: Problem, 401: Problem, 404: Problem } as const;

const versionParams = Type.Object(
  {
    workspaceId: Uuid('The workspace'),
    artifactId: Uuid('The artifact'),
    version: Whole({ minimum: 1, description: 'The version of the original that was worked on' }),
  },
  { additionalProperties: false },
);
const versionUrl = '/internal/v1/workspaces/:workspaceId/artifacts/:artifactId/versions/:version';
const recorded = Type.Null({ description: 'It is recorded' });

export const Inspection = Type.Object(
  {
    widthPx: Whole({ minimum: 1, description: 'Width in pixels, upright' }),
    heightPx: Whole({ minimum: 1, description: 'Height in pixels, upright' }),
    placeholder: Placeholder,
    expectedVariants: Whole({ minimum: 0, description: 'How many variants will be made' }),
  },
  { additionalProperties: false, description: 'What a look at the original told' },
);
export type Inspection = Static<typeof Inspection>;

export const NewVariant = Type.Object(
  {
    ...Type.Omit(Variant, ['url', 'quality', 'score']).properties,
    quality: Type.Optional(Variant.properties.quality),
    score: Type.Optional(Variant.properties.score),
    encodeMs: Type.Optional(
      Whole({
        minimum: 0,
        description: 'Time that all its encodings and their scores took, in milliseconds; default 0',
      }),
    ),
    tries: Type.Optional(
      Type.Array(VariantTry, {
        maxItems: 10,
        description: 'The encodings of the search, in their order; default none',
      }),
    ),
    hash: Type.String({
      pattern: `^[0-9a-f]{${String(VARIANT_HASH_LENGTH)}}$`,
      description: 'The first half of the SHA-256 of the bytes, hexadecimal',
    }),
  },
  { additionalProperties: false, description: 'A variant that lies in the object store' },
);
export type NewVariant = Static<typeof NewVariant>;

export const VariantBatch = Type.Object(
  {
    variants: Type.Array(NewVariant, {
      maxItems: 100,
      description: 'What is new; what stands already is left as it is',
    }),
    dropped: Type.Array(DroppedVariant, { maxItems: 100, description: 'What was made and left out' }),
  },
  { additionalProperties: false },
);
export type VariantBatch = Static<typeof VariantBatch>;

export const recordInspection = {
  method: 'PUT',
  url: `${versionUrl}/inspection`,
  schema: {
    operationId: 'recordInspection',
    summary: 'Record what a look at the original told',
    tags,
    params: versionParams,
    body: Inspection,
    response: { 204: recorded, ...denied, 409: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const recordVariants = {
  method: 'POST',
  url: `${versionUrl}/variants`,
  schema: {
    operationId: 'recordVariants',
    summary: 'Record variants that lie in the object store',
    description: 'May be repeated: a format and width that stands already is left as it is.',
    tags,
    params: versionParams,
    body: VariantBatch,
    response: { 204: recorded, ...denied, 409: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const recordOutcome = {
  method: 'PUT',
  url: `${versionUrl}/outcome`,
  schema: {
    operationId: 'recordOutcome',
    summary: 'Record that the gardener is done with the original, well or not',
    tags,
    params: versionParams,
    body: Type.Object(
      { failure: Type.Union([GardenFailure, Type.Null()], { description: 'Why it failed; null when it is ready' }) },
      { additionalProperties: false },
    ),
    response: { 204: recorded, ...denied, 409: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const purgeTrash = {
  method: 'POST',
  url: '/internal/v1/trash/purge',
  schema: {
    operationId: 'purgeTrash',
    summary: 'Delete for good what has been in the trash for long enough, and objects that nothing names any more',
    description: 'Does a bounded part of the work, and says where the next call goes on. May be repeated at any point.',
    tags,
    body: Type.Object(
      {
        after: Type.Union([Uuid('A workspace'), Type.Null()], {
          description: 'Begin behind this workspace; null for the first call',
        }),
      },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({
        after: Type.Union([Uuid('A workspace'), Type.Null()], { description: 'Where the next call goes on' }),
        isDone: Type.Boolean({ description: 'No workspace is left' }),
        artifacts: Type.Integer({ description: 'How many artifacts were deleted' }),
        objects: Type.Integer({ description: 'How many objects were deleted' }),
      }),
      ...denied,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

const DemoSlug = Type.Enum<DemoWorkspaceSlug[]>(
  DEMO_WORKSPACES.map(({ slug }) => slug),
  { description: 'A workspace of the demo' },
);

export const putDemo = {
  method: 'PUT',
  url: '/internal/v1/demo',
  schema: {
    operationId: 'putDemo',
    summary: 'Make the workspaces and people of the demo, where they do not stand already',
    tags,
    body: Type.Object(
      { besideOthers: Type.Boolean({ description: 'Go on even where there are other workspaces' }) },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({
        workspaces: Type.Array(Type.Object({ id: Uuid('The workspace'), slug: DemoSlug }), {
          description: 'The workspaces of the demo',
        }),
      }),
      ...denied,
      409: Problem,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const DemoArtifact = Type.Object(
  {
    key: Text({ minLength: 1, maxLength: 100, description: 'Names the artifact in the demo; gives its id' }),
    artifact: NewArtifact,
    original: Type.Object(
      {
        contentType: Text({ maxLength: 200, description: 'Media type of the bytes' }),
        sizeBytes: Whole({ minimum: 1, column: 'bigint', description: 'Size in bytes' }),
        sha256: Sha256('Hash of the bytes, which lie in the object store'),
      },
      { additionalProperties: false, description: 'The bytes, which lie in the object store' },
    ),
  },
  { additionalProperties: false, description: 'An artifact of the demo' },
);
export type DemoArtifact = Static<typeof DemoArtifact>;

const demoArtifactParams = Type.Object(
  { workspaceId: Uuid('A workspace of the demo') },
  { additionalProperties: false },
);

export const listDemoKeys = {
  method: 'GET',
  url: '/internal/v1/demo/workspaces/:workspaceId/keys',
  schema: {
    operationId: 'listDemoKeys',
    summary: 'Which artifacts of the demo were made already, those deleted since included',
    tags,
    params: demoArtifactParams,
    response: {
      200: Type.Object({ keys: Type.Array(Type.String(), { description: 'Keys of the artifacts' }) }),
      ...denied,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const putDemoArtifact = {
  method: 'PUT',
  url: '/internal/v1/demo/workspaces/:workspaceId/artifacts',
  schema: {
    operationId: 'putDemoArtifact',
    summary: 'Make an artifact of the demo, where it was not made already, and hand it to the gardener',
    tags,
    params: demoArtifactParams,
    body: DemoArtifact,
    response: {
      200: Type.Object({ created: Type.Boolean({ description: 'False when it stood already' }) }),
      ...denied,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const deleteDemo = {
  method: 'DELETE',
  url: '/internal/v1/demo',
  schema: {
    operationId: 'deleteDemo',
    summary: 'Delete the workspaces and people of the demo with all that is in them',
    tags,
    response: {
      200: Type.Object({
        workspaces: Type.Integer({ description: 'How many workspaces were deleted' }),
        artifacts: Type.Integer({ description: 'How many artifacts were deleted' }),
      }),
      ...denied,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;
