import { Type, type Static } from 'typebox';
import { DroppedVariant, VARIANT_FORMATS, type VariantFormat } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Uuid, Whole } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

/** One encoding of the search for a quality. */
export const VariantTry = Type.Object(
  {
    quality: Whole({ minimum: 1, description: "The encoder's quality, 1 to 100" }),
    score: Type.Number({ minimum: -1000, maximum: 100, description: 'How alike it was to the original' }),
    sizeBytes: Whole({ minimum: 1, column: 'bigint', description: 'Size in bytes' }),
  },
  { additionalProperties: false, description: 'One encoding of the search for a quality' },
);
export type VariantTry = Static<typeof VariantTry>;

export const ReceiptLine = Type.Object(
  {
    format: Type.Enum(VARIANT_FORMATS as unknown as VariantFormat[], { description: 'Format of the file' }),
    widthPx: Type.Integer({ description: 'Width in pixels' }),
    sizeBytes: Type.Integer({ description: 'Size in bytes' }),
    quality: Type.Union([Type.Integer(), Type.Null()], {
      description: "The encoder's quality; null where it has none",
    }),
    score: Type.Union([Type.Number(), Type.Null()], {
      description: 'How alike it is to the original; null if not compared',
    }),
    encodeMs: Type.Integer({ description: 'Time that all its encodings and their scores took, in milliseconds' }),
    tries: Type.Array(VariantTry, {
      description: 'The encodings of the search, in their order; empty where there was none',
    }),
  },
  { description: 'What one variant has cost' },
);
export type ReceiptLine = Static<typeof ReceiptLine>;

export const Receipt = Type.Object(
  {
    artifactId: Uuid('The artifact'),
    version: Type.Integer({ description: 'The version of the original; 0 for none' }),
    originalSizeBytes: Type.Integer({ description: 'Size of the original in bytes; 0 for none' }),
    lines: Type.Array(ReceiptLine, { description: 'One for each variant, by format and width' }),
    dropped: Type.Array(DroppedVariant, { description: 'What was made and left out' }),
    encodings: Type.Integer({ description: 'How often something was encoded' }),
    encodeMs: Type.Integer({ description: 'Time of all encodings and their scores, in milliseconds' }),
    savedBytes: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'What a visitor saves who gets the smallest variant of the greatest width in place of the original, in bytes; negative ' +
        'where that is larger, null where there is none yet',
    }),
  },
  { description: 'What the gardener did for a picture: settings tried, score against bytes, time, bytes saved' },
);
export type Receipt = Static<typeof Receipt>;

export const getReceipt = {
  method: 'GET',
  url: '/api/v1/artifacts/:id/receipt',
  schema: {
    operationId: 'getReceipt',
    summary: 'What the gardener did for a picture: settings tried, score against bytes, time, bytes saved',
    tags: ['Artifacts'],
    headers: WorkspaceHeaders,
    params: Type.Object({ id: Uuid('The artifact') }, { additionalProperties: false }),
    response: { 200: Receipt, 400: Problem, 401: Problem, 404: Problem, 429: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
