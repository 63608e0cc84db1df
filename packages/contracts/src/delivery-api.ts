import { Type } from 'typebox';
import { VARIANT_FORMATS, type VariantFormat } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Uuid } from './text.ts';

/** The name of a variant's file: the hash of its bytes, its width and its format. */
export function variantFileName(variant: { hash: string; widthPx: number; format: VariantFormat }): string {
  return `${variant.hash}-${String(variant.widthPx)}.${variant.format}`;
}

/** How many hexadecimal characters of the SHA-256 stand in a variant's name: 128 bits. */
export const VARIANT_HASH_LENGTH = 32;

export const VARIANT_FILE_PATTERN = `^[0-9a-f]{${String(VARIANT_HASH_LENGTH)}}-[1-9][0-9]{0,4}\\.(${VARIANT_FORMATS.join('|')})$`;

export const getVariant = {
  method: 'GET',
  url: '/assets/:workspaceId/:fileName',
  schema: {
    operationId: 'getVariant',
    summary: 'The bytes of a variant, by the signed address that a manifest gave',
    description: 'Takes `Range` and `If-None-Match`. What an address names never changes.',
    tags: ['Delivery'],
    produces: VARIANT_FORMATS.map((format) => `image/${format}`),
    params: Type.Object(
      {
        workspaceId: Uuid('The workspace'),
        fileName: Type.String({ pattern: VARIANT_FILE_PATTERN, description: '`<hash>-<width>.<format>`' }),
      },
      { additionalProperties: false },
    ),
    querystring: Type.Object(
      {
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
      200: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'The bytes' }),
      206: Type.Unsafe<NodeJS.ReadableStream | Buffer>({ type: 'string', format: 'binary', description: 'A range' }),
      304: Type.Null({ description: 'The bytes are as you have them' }),
      400: Problem,
      403: Problem,
      404: Problem,
      416: Problem,
    },
  },
  config: { access: 'signed' },
} as const satisfies Endpoint;
