import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginStatement } from './scope.ts';

describe('the beginning of a transaction', () => {
  it('sets what the scope says, and no more', () => {
    const id = crypto.randomUUID();
    expect(beginStatement({})).toBe('begin');
    expect(beginStatement({ workspaceId: id, userId: id, email: 'a@x.test', identity: "i'd", instance: true })).toBe(
      `begin; set local hortus.workspace_id = '${id}'; set local hortus.user_id = '${id}'; ` +
        `set local hortus.email = 'a@x.test'; set local hortus.identity = 'i''d'; set local role hortus_instance`,
    );
  });

  it('takes no id that is not a UUID', () => {
    const id = crypto.randomUUID();
    const near = fc.constantFrom('', `${id}'`, ` ${id}`, `${id}\n`, `${id}; drop table users`, id.replaceAll('-', ''));
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), fc.constantFrom('workspaceId', 'userId'), (text, name) => {
        expect(() => beginStatement({ [name]: text })).toThrow('must be a UUID');
      }),
    );
  });

  it('quotes an address so that it is one text, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom("'", "''", '\\', ';', '--', 'a')).map((parts) => parts.join('')),
        ),
        (email) => {
          const statement = beginStatement({ email });
          const literal = statement.slice('begin; set local hortus.email = '.length);
          // As PostgreSQL reads it: up to the first quote that is not doubled.
          const [whole = '', inside = ''] = /^'((?:[^']|'')*)'/.exec(literal) ?? [];
          expect(whole).toBe(literal);
          expect(inside.replaceAll("''", "'")).toBe(email);
        },
      ),
    );
  });
});
