import type { SwaggerOptions } from '@fastify/swagger';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Endpoint } from '@hortus/contracts/endpoint';
import { ENDPOINTS, SHAPES } from '@hortus/contracts/endpoints';
import { exampleOf } from './open-api-examples.ts';
import { refusals, refusalsOf } from './open-api-answers.ts';

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
  const name = 'properties' in value ? names.get(canonical(value)) : undefined;
  if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map((item) => refer(item, names));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item, names)]));
}

/** The names of the shapes that a value refers to, and that these refer to. */
function referredTo(
  value: unknown,
  schemas: Readonly<Record<string, unknown>>,
  found = new Set<string>(),
): Set<string> {
  for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    referredTo(schemas[name], schemas, found);
  }
  return found;
}

interface Media {
  schema?: unknown;
  example?: unknown;
}
interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly parameters?: readonly object[];
  readonly responses: Readonly<Record<string, Answer>>;
}

const ifMatch = (isRequired: boolean): object => ({
  schema: { type: 'string', maxLength: 200 },
  in: 'header',
  name: 'if-match',
  required: isRequired,
  description: 'The `ETag` of the revision that you saw; `*` for whichever there is',
});

const JSON_TYPE = 'application/json';
const STREAM_EXAMPLE =
  'id: 41\nevent: artifact.deleted\ndata: {"type":"artifact.deleted","artifactId":"0196a1e3-7c5d-7e8a-9b1f-3d2c4b5a6978"}\n\n';

function withExample([type, media]: [string, Media], schema: TSchema): [string, Media] {
  if (type === JSON_TYPE) return [type, { ...media, example: exampleOf(schema) }];
  return type === 'text/event-stream' ? [type, { ...media, example: STREAM_EXAMPLE }] : [type, media];
}

function exemplify(content: Readonly<Record<string, Media>>, schema: TSchema): Record<string, Media> {
  return Object.fromEntries(Object.entries(content).map((entry) => withExample(entry, schema)));
}

/** An operation as the plugin prints it, with its examples, all of its refusals, and the header that its answers imply. */
function complete(operation: Operation, endpoint: Endpoint): object {
  const { body, response } = endpoint.schema;
  const answers = Object.entries(operation.responses)
    .filter(([status]) => Number(status) < 400)
    .map(([status, answer]) => {
      const schema = response[Number(status)];
      const content = answer.content === undefined || schema === undefined ? {} : { content: exemplify(answer.content, schema) };
      return [status, { ...answer, ...content }];
    }); // prettier-ignore
  const refused = refusalsOf(endpoint).map((status) => [
    status,
    { $ref: `#/components/responses/Problem${String(status)}` },
  ]);
  const { requestBody, parameters = [] } = operation;
  // What takes bytes asks for it only where it replaces some.
  const needsMatch = 428 in response && !(413 in response && body === undefined);
  return {
    ...operation,
    ...(requestBody === undefined || body === undefined
      ? {}
      : {
          requestBody: {
            ...requestBody,
            required: !Value.Check(body, null),
            content: exemplify(requestBody.content, body),
          },
        }),
    parameters: 412 in response ? [...parameters, ifMatch(needsMatch)] : parameters,
    responses: Object.fromEntries([...answers, ...refused] as [string, object][]),
  }; // prettier-ignore
}

const BY_ID = new Map(ENDPOINTS.map((endpoint) => [endpoint.schema.operationId, endpoint]));

function completeAll(paths: object): object {
  return Object.fromEntries(
    Object.entries(paths as Record<string, Record<string, Operation>>).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => {
          // The plugin marks an operation of this method by its name.
          const operationId = operation.operationId.replace(/-head$/, '');
          const endpoint = BY_ID.get(operationId);
          if (endpoint === undefined) throw new Error(`${method} ${path} is no operation of the contract`);
          return [method, complete({ ...operation, operationId }, endpoint)];
        }),
      ),
    ]),
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
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Of a signed-in person, ten minutes long; `POST /api/v1/auth/login` gives it.',
        },
        apiToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'hortus_…',
          description: 'Of a program, for one workspace; `POST /api/v1/workspaces/{workspaceId}/tokens` makes it.',
        },
      },
    },
  },
  transform: ({ schema, url, route }) => {
    const access = route.config?.access;
    const byPerson = access === 'session' || access === 'membership' || access === 'workspace';
    const security = [
      ...(byPerson ? [{ accessToken: [] }] : []),
      ...(access === 'workspace' ? [{ apiToken: [] }] : []),
    ];
    return { schema: { ...schema, hide: schema.hide === true || access === 'service', security }, url };
  },
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new Error('the document is printed as OpenAPI 3');
    const names = new Map(Object.entries(SHAPES).map(([name, schema]) => [canonical(schema), name]));
    const { components, paths = {}, ...head } = document.openapiObject;
    const schemas = Object.fromEntries(
      Object.entries(SHAPES).map(([name, schema]) => [name, refer(schema, names, name)]),
    );
    const responses = refusals();
    const completed = refer(completeAll(paths), names);
    const used = referredTo([completed, responses], schemas);
    return {
      ...head,
      components: {
        ...components,
        schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
        responses,
      },
      paths: completed,
    } as typeof document.openapiObject;
  },
};
