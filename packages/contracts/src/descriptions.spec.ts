import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { ENDPOINTS } from './endpoints.ts';
import { ERRORS, Problem } from './errors.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Paths of the properties below a schema that say nothing of themselves. A member of a union speaks through its property. */
function findSilent(schema: Schema, path: string): string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    ...((property.description ?? '').trim() === '' ? [`${path}.${name}`] : []),
    ...findSilent(property, `${path}.${name}`),
  ]);
  const members = [...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const inside = [schema.items, ...members, ...Object.values(schema.patternProperties ?? {})];
  return [...properties, ...inside.flatMap((part) => (part === undefined ? [] : findSilent(part, path)))];
}

function schemasOf(endpoint: (typeof ENDPOINTS)[number]): [string, Schema][] {
  const { operationId, params, querystring, headers, body, response } = endpoint.schema;
  const parts = { params, querystring, headers, body, ...response };
  return Object.entries(parts).flatMap(([name, schema]) =>
    schema === undefined ? [] : [[`${operationId} ${name}`, schema as Schema] as [string, Schema]],
  );
}

/** What every file of the contract exports, found on disk, so that a new file can't be forgotten here. */
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
const exported = await Promise.all(
  files.map(async (file) => Object.entries((await import(`./${file}`)) as Record<string, unknown>)),
).then((all) => all.flat());
const named = exported.filter((entry): entry is [string, object] => typeof entry[1] === 'object' && entry[1] !== null);
const schemas = named.filter(([, value]) => '~kind' in value) as [string, Schema][];

describe('the contract', () => {
  it.each(schemas)('describes every property of the schema %s', (name, schema) => {
    expect(findSilent(schema, name)).toEqual([]);
  });

  it('looks at schemas that no operation names as well', () => {
    expect(schemas.map(([name]) => name)).toEqual(expect.arrayContaining(['LiveEvent', 'Artifact', 'Problem']));
  });

  it('lists every operation that one of its files exports', () => {
    const operations = named.filter(([, value]) => 'method' in value && 'url' in value).map(([, value]) => value);
    expect(operations.length).toBeGreaterThan(0);
    expect(new Set<object>(ENDPOINTS)).toEqual(new Set(operations));
    expect(ENDPOINTS).toHaveLength(operations.length);
  });

  it.each(ENDPOINTS.map((endpoint) => [endpoint.schema.operationId, endpoint] as const))(
    'describes every property of %s',
    (_operationId, endpoint) => {
      expect(schemasOf(endpoint).flatMap(([name, schema]) => findSilent(schema, name))).toEqual([]);
    },
  );

  it('would not let a property without a description pass', () => {
    const silent: Schema = { properties: { a: { description: 'said', anyOf: [{ properties: { b: {} } }] }, c: {} } };
    expect(findSilent(silent, 'x')).toEqual(['x.a.b', 'x.c']);
    const planted = Type.Object({
      list: Type.Array(Type.Object({ inList: Type.String() }), { description: 'said' }),
      record: Type.Record(Type.String(), Type.Object({ inRecord: Type.String() }), { description: 'said' }),
      union: Type.Union([Type.Object({ inUnion: Type.String({ description: ' ' }) }), Type.Null()], {
        description: 'said',
      }),
      both: Type.Optional(
        Type.Intersect([Type.Object({ inBoth: Type.String() }), Type.Object({})], { description: 'said' }),
      ),
      said: Type.Array(Type.String(), { description: 'said' }),
    });
    const found = ['list.inList', 'record.inRecord', 'union.inUnion', 'both.inBoth'].map((path) => `x.${path}`);
    expect(findSilent(planted as Schema, 'x')).toEqual(found);
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
