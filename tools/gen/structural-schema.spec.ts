import { describe, expect, it } from '@jest/globals';
import Type, { type TSchema } from 'typebox';
import { toStructural } from './structural-schema.ts';

const said = { description: 'said' };
const closed = { ...said, additionalProperties: false };

describe('a structural schema', () => {
  it('is the schema itself, without what a CRD has no word for', () => {
    const schema = Type.Object(
      {
        name: Type.String({ ...said, maxLength: 5, 'x-kubernetes-validations': [{ rule: 'true', message: 'm' }] }),
        sizes: Type.Optional(Type.Array(Type.Integer({ ...said, minimum: 1 }), { ...said, maxItems: 3 })),
      },
      closed,
    );
    expect(toStructural(schema, 'spec')).toEqual({
      type: 'object',
      description: 'said',
      required: ['name'],
      properties: {
        name: {
          type: 'string',
          description: 'said',
          maxLength: 5,
          'x-kubernetes-validations': [{ rule: 'true', message: 'm' }],
        },
        sizes: {
          type: 'array',
          description: 'said',
          maxItems: 3,
          items: { type: 'integer', description: 'said', minimum: 1 },
        },
      },
    });
  });

  it('takes the one union that Kubernetes knows', () => {
    const quantity = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true, ...said };
    expect(toStructural(Type.Unsafe(quantity), 'spec.cpu')).toEqual(quantity);
  });

  const spoilt: readonly [string, TSchema, RegExp][] = [
    ['a union', Type.Union([Type.String(), Type.Null()], said), /spec\.x .*its type is undefined/],
    ['a literal', Type.Literal('a', said), /const/],
    ['a reference', Type.Ref('Other'), /no description/],
    ['a record', Type.Record(Type.String(), Type.String(), said), /must be closed/],
    ['an open object', Type.Object({}, said), /must be closed/],
    ['a format that nobody looks at', Type.String({ ...said, format: 'uuid' }), /format "uuid"/],
    ['a bound that is left out', Type.Integer({ ...said, exclusiveMinimum: 0 }), /exclusiveMinimum is not known/],
    ['a number with a fraction', Type.Number(said), /its type is "number"/],
    ['a tuple', Type.Tuple([Type.String(said)], said), /spec\.x/],
    [
      'a field without a description',
      Type.Object({ silent: Type.String() }, closed),
      /spec\.x\.silent .*no description/,
    ],
    ['an item without a description', Type.Array(Type.String(), said), /spec\.x\[\] .*no description/],
  ];
  it.each(spoilt)('refuses %s', (_what, schema, sentence) => {
    expect(() => toStructural(schema, 'spec.x')).toThrow(sentence);
  });
});
