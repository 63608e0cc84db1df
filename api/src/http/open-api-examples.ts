import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What a schema says of itself, as far as an example needs it. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly minLength?: number;
}

const ID = '0196a1e3-7c5d-7e8a-9b1f-3d2c4b5a6978';
const HASH = '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8';

/**
 * What a field of a name may hold. One word means one thing everywhere, so that a new operation has good examples at once;
 * of several the first that its schema takes.
 */
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  accessToken: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk2YTFlMyJ9.c2lnbmF0dXJl'],
  code: ['492817'],
  contentType: ['image/jpeg'],
  count: [12],
  currentPassword: ['a long sentence that I remember'],
  description: ['A dog rose at the edge of the wood, in June.'],
  detail: ['Name the field, and send it again.'],
  device: ['Firefox on Linux'],
  displayName: ['Ada Moreau'],
  dominantColor: ['#7a8f4e'],
  email: ['ada@example.com'],
  expected: [12],
  expiresInDays: [90],
  failure: [null],
  field: ['/body/name', 'name'],
  id: [HASH],
  hash: [HASH.slice(0, 32)],
  heightPx: [1500],
  kind: ['picture'],
  lastUsedAt: ['2026-05-04T09:30:00Z'],
  message: ['is missing'],
  metadata: [{ species: 'Rosa canina', petals: 5 }],
  name: ['Rosa canina'],
  newPassword: ['another sentence, longer than the first'],
  nextCursor: [null],
  original: [],
  password: ['a long sentence that I remember'],
  prefix: ['hortus_4fzyo'],
  reason: ['the webp of 320 px is as good and smaller'],
  returnTo: ['/w/acme-corp/artifacts'],
  revision: [3],
  role: ['member'],
  runUrl: [null],
  scopes: [['read', 'write']],
  sha256: [HASH],
  sizeBytes: [482_113],
  slug: ['acme-corp'],
  src: ['/assets/0196a1e3/5e884898-320.webp?expires=1780000000&signature=c2ln'],
  srcset: ['/assets/0196a1e3/5e884898-320.webp?expires=1780000000&signature=c2ln 320w'],
  srcsets: [{ webp: '/assets/0196a1e3/5e884898-320.webp?expires=1780000000&signature=c2ln 320w' }],
  status: ['ready'],
  tag: ['rose'],
  tags: [['rose', 'wild']],
  text: ['Rosa canina'],
  thumbhash: ['3OcRJYB4d3h/iIeHeEh3eIhw+j2w'],
  token: ['hortus_4fzyo82mvyr65t1cyjcr4pnjy6_bGV0bWVpbg'],
  url: ['/assets/0196a1e3/5e884898-320.webp?expires=1780000000&signature=c2ln'],
  version: [1],
  widthPx: [2000],
};

/** A value that the schema takes, for people to read. Nothing of it depends on when or where it is made. */
export function exampleOf(schema: TSchema, name = ''): unknown {
  return build(schema, name);
}

function build(schema: Schema, name: string): unknown {
  const fitting = (BY_NAME[name] ?? []).find((value) => Value.Check(schema as TSchema, value));
  if (fitting !== undefined) return fitting;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return build(schema.anyOf.find(({ type }) => type !== 'null') ?? {}, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, property]) => [key, build(property, key)]),
      );
    case 'array':
      return [build(schema.items ?? {}, singular(name))];
    case 'string':
      if (schema.format === 'uuid') return ID;
      if (schema.format === 'date-time') return '2026-05-04T09:30:00Z';
      return 'text'.padEnd(schema.minLength ?? 0, ' text');
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function singular(name: string): string {
  return name.replace(/s$/, '');
}
