import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { ENDPOINTS } from './endpoints.ts';
import { Uuid, Whole } from './text.ts';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly additionalProperties?: unknown;
  readonly propertyNames?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Whether a pattern is anchored at both ends and repeats nothing without end. */
function isBoundedPattern(pattern: string): boolean {
  const withoutClasses = pattern.replaceAll(/\\./g, '.').replaceAll(/\[[^\]]*\]/g, '.');
  return /^\^.*\$$/.test(pattern) && !/[*+]|\{\d+,\}/.test(withoutClasses);
}

function isBounded(schema: Schema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined) return true;
  switch (schema.type) {
    case 'string':
      return schema.maxLength !== undefined || schema.format === 'uuid' || isBoundedPattern(schema.pattern ?? '');
    case 'integer':
      return schema.minimum !== undefined && schema.maximum !== undefined;
    case 'array':
      return schema.maxItems !== undefined;
    case 'object':
      return schema.patternProperties === undefined
        ? schema.additionalProperties === false || schema.maxProperties !== undefined
        : schema.maxProperties !== undefined && schema.propertyNames?.maxLength !== undefined;
    default:
      return true;
  }
}

/** Paths of what a caller could make as large as they like. */
function findUnbounded(schema: Schema, path: string): string[] {
  const named = Object.entries({ ...schema.properties, ...schema.patternProperties });
  return [
    ...(isBounded(schema) ? [] : [path]),
    ...named.flatMap(([name, property]) => findUnbounded(property, `${path}.${name}`)),
    ...(schema.items === undefined ? [] : findUnbounded(schema.items, `${path}[]`)),
    ...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((part) => findUnbounded(part, path)),
  ];
}

/** Headers are bounded all together, by the server. */
describe('what a caller sends', () => {
  it.each(ENDPOINTS.map(({ schema }) => [schema.operationId, schema] as const))(
    'is bounded in every text, number, list and object of %s',
    (_operationId, { params, querystring, body }) => {
      const parts = Object.entries({ params, querystring, body });
      const found = parts.flatMap(([name, part]) => {
        return part === undefined ? [] : findUnbounded(part, name);
      });
      expect(found).toEqual([]);
    },
  );

  it('would not pass where a bound is missing', () => {
    const planted = Type.Object({
      text: Type.String(),
      pattern: Type.String({ pattern: '^[0-9]+$' }),
      open: Type.String({ pattern: '[0-9]{3}' }),
      list: Type.Array(Type.String({ maxLength: 3 })),
      inList: Type.Array(Type.Union([Type.Null(), Type.String()]), { maxItems: 3 }),
      number: Type.Integer({ minimum: 1 }),
      record: Type.Record(Type.String(), Type.Boolean()),
      bounded: Type.Array(Uuid(''), { maxItems: 1 }),
      whole: Whole({ minimum: 0, description: '' }),
      hash: Type.String({ pattern: '^[0-9a-f+*]{64}$' }),
    });
    const expected = ['', '.text', '.pattern', '.open', '.list', '.inList[]', '.number', '.record'];
    expect(findUnbounded(planted as Schema, '')).toEqual(expected);
  });
});
