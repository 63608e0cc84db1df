import { Type } from 'typebox';

/** The request header by which a POST can be repeated without being done twice. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** How long an answer is kept for a repeated request, in hours. */
export const IDEMPOTENCY_KEPT_HOURS = 24;

/** The header of an operation that takes a key; beside it belong the answers 409 and 422. */
export const IdempotencyHeaders = Type.Object({
  [IDEMPOTENCY_KEY_HEADER]: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description:
        'Names this request, such as a UUID; 1 to 200 visible ASCII characters. Repeated with the same key within ' +
        `${String(IDEMPOTENCY_KEPT_HOURS)} hours, the request is done once, and the same answer is given again with ` +
        '`Idempotency-Replayed: true`. A person has keys of their own in every workspace',
    }),
  ),
});
