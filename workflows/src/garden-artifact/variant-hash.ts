import { createHash } from 'node:crypto';
import { VARIANT_HASH_LENGTH } from '@hortus/contracts/delivery-api';

/**
 * What a variant is named by: the same picture at the same settings has the same bytes, hence the same name. Apart from
 * `encode.ts`, since the process that encodes AVIF would load all schemas of the api for it: 150 ms for each picture.
 */
export function hashVariant(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, VARIANT_HASH_LENGTH);
}
