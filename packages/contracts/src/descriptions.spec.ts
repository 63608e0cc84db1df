import { describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from './endpoints.ts';
import { ERRORS, Problem } from './errors.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Paths of the properties below a schema that say nothing of themselves. A member of a union speaks through its property. */
function findSilent(schema: Schema, path: string): string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    ...((property.description ?? '').trim() === '' ? [`${path}.${name}`] : []),
    ...findSilent(property, `${path}.${name}`),
  ]);
  const inside = [schema.items, ...(schema.anyOf ?? []), ...Object.values(schema.patternProperties ?? {})];
  return [...properties, ...inside.flatMap((part) => (part === undefined ? [] : findSilent(part, path)))];
}

function schemasOf(endpoint: (typeof ENDPOINTS)[number]): [string, Schema][] {
  const { operationId, params, querystring, headers, body, response } = endpoint.schema;
  const parts = { params, querystring, headers, body, ...response };
  return Object.entries(parts).flatMap(([name, schema]) =>
    schema === undefined ? [] : [[`${operationId} ${name}`, schema as Schema] as [string, Schema]],
  );
}

describe('the contract', () => {
  it.each(ENDPOINTS.map((endpoint) => [endpoint.schema.operationId, endpoint] as const))(
    'describes every property of %s',
    (_operationId, endpoint) => {
      expect(schemasOf(endpoint).flatMap(([name, schema]) => findSilent(schema, name))).toEqual([]);
    },
  );

  it('would not let a property without a description pass', () => {
    const silent: Schema = { properties: { a: { description: 'said', anyOf: [{ properties: { b: {} } }] }, c: {} } };
    expect(findSilent(silent, 'x')).toEqual(['x.a.b', 'x.c']);
  });

  it('names every operation once', () => {
    const names = ENDPOINTS.map(({ schema }) => schema.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps to the addresses that ingress and nginx know', () => {
    const strange = ENDPOINTS.map(({ url }) => url).filter(
      (url) => !/^\/(api\/v1|internal\/v1|assets|health)(\/|$)/.test(url),
    );
    expect(strange).toEqual([]);
  });

  it('answers every error as a problem, of a status that some code has', () => {
    const statuses = new Set<number>(Object.values(ERRORS).map(({ status }) => status));
    for (const { schema } of ENDPOINTS) {
      const errors = Object.entries(schema.response).filter(([status]) => Number(status) >= 400);
      for (const [status, answer] of errors) {
        expect([schema.operationId, status, answer === Problem]).toEqual([schema.operationId, status, true]);
        expect(statuses.has(Number(status))).toBe(true);
      }
    }
  });
});
