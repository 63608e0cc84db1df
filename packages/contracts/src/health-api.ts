import { Type } from 'typebox';
import type { Endpoint } from './endpoint.ts';

export const getHealth = {
  method: 'GET',
  url: '/health',
  schema: {
    operationId: 'getHealth',
    summary: 'Whether the api answers',
    tags: ['Health'],
    response: {
      200: Type.Object({ status: Type.Literal('ok', { description: 'The api answers' }) }, { description: 'It does' }),
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;
