import { createRequire } from 'node:module';
import type * as contentDisposition from 'content-disposition';

const { create } = createRequire(import.meta.url)('content-disposition') as typeof contentDisposition;

/**
 * The header of a download by RFC 6266, in ASCII and in UTF-8. The package is required and not imported: @fastify/static
 * requires it too, and jest does not load a module by both ways at once.
 */
export function attachment(fileName: string): string {
  return create(fileName);
}
