import type { SwaggerOptions } from '@fastify/swagger';
import * as artifacts from '@hortus/contracts/artifact';
import * as accounts from '@hortus/contracts/auth-api';
import { Problem } from '@hortus/contracts/errors';
import { WorkspaceMembership } from '@hortus/contracts/workspace';
import { PROBLEM_MEDIA_TYPE } from '@hortus/service/problem';

/** Shapes that have a name of their own in the document, so that each is written once. Smaller ones first. */
const NAMED = {
  Problem,
  WorkspaceMembership,
  Person: accounts.Person,
  Credentials: accounts.Credentials,
  SignedIn: accounts.SignedIn,
  Me: accounts.Me,
  GardenFailure: artifacts.GardenFailure,
  Original: artifacts.Original,
  Placeholder: artifacts.Placeholder,
  Picture: artifacts.Picture,
  Variant: artifacts.Variant,
  DroppedVariant: artifacts.DroppedVariant,
  NewArtifact: artifacts.NewArtifact,
  ArtifactPatch: artifacts.ArtifactPatch,
  Artifact: artifacts.Artifact,
  Manifest: artifacts.Manifest,
};

/** One text for equal schemas: keys in order, and records as the plugin rewrites them (`additionalProperties`). */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const { patternProperties, ...rest } = item as { patternProperties?: Record<string, unknown> };
    const record =
      patternProperties === undefined ? rest : { ...rest, additionalProperties: Object.values(patternProperties)[0] };
    return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The same value with every named shape in it replaced by a reference; `self` is the one that is being written out. */
function refer(value: unknown, names: ReadonlyMap<string, string>, self?: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const name = names.get(canonical(value));
  if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map((item) => refer(item, names));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item, names)]));
}

/** Errors are `application/problem+json`; Fastify's plugin knows one media type for all answers of an operation. */
function retypeProblems(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(retypeProblems);
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, item]) => {
      if (!/^[45]\d\d$/.test(key)) return [key, retypeProblems(item)];
      const { description, content } = item as { description: string; content: Record<string, unknown> };
      return [key, { description, content: { [PROBLEM_MEDIA_TYPE]: Object.values(content)[0] } }];
    }),
  );
}

/** The head of `docs/openapi.json`; all else of it comes from the contracts. Internal operations are left out. */
export const openApi: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Hortus',
      version: '1',
      description:
        'A self-hosted, multi-tenant asset platform. Errors are problem details (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  },
  transform: ({ schema, url, route }) => {
    const access = route.config?.access;
    const security = access === 'session' || access === 'workspace' ? [{ accessToken: [] }] : [];
    return { schema: { ...schema, hide: schema.hide === true || access === 'service', security }, url };
  },
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new Error('the document is printed as OpenAPI 3');
    const names = new Map(Object.entries(NAMED).map(([name, schema]) => [canonical(schema), name]));
    const { components, paths, ...head } = document.openapiObject;
    const schemas = Object.fromEntries(
      Object.entries(NAMED).map(([name, schema]) => [name, refer(schema, names, name)]),
    );
    return {
      ...head,
      components: { ...components, schemas },
      paths: retypeProblems(refer(paths, names)),
    } as typeof document.openapiObject;
  },
};
