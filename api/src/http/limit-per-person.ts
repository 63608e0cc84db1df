import type { FastifyRequest } from 'fastify';
import { sessionOf } from './authenticate.ts';

/** A limit of its own for one kind of request of one signed-in person, however many sessions they have. */
export function limitPerPerson(name: string, max: number, timeWindow = '1 minute') {
  const keyGenerator = (request: FastifyRequest) => `${name} ${sessionOf(request).userId}`;
  return { max, timeWindow, hook: 'preHandler', keyGenerator } as const;
}
