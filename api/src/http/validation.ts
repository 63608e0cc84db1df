import { Ajv, type Options } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const STRICT: Options = {
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: false,
  allErrors: false,
  strict: false,
  // `1e999` is read as infinity, which JSON can't say again.
  strictNumbers: true,
};

/**
 * A body is taken as it is: a field that nobody knows is an error and not dropped, and a text is no number. All that stands
 * in an address or a header is text, so there a number is read from its text.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const body = new Ajv(STRICT);
  const text = new Ajv({ ...STRICT, coerceTypes: 'array' });
  formats.default(body);
  formats.default(text);
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : text).compile(schema);
}
