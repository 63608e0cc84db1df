import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { ERROR_CODES } from '@hortus/contracts/errors';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string }[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Body {
  readonly content: Readonly<Record<string, Media>>;
}
interface Answer extends Partial<Body> {
  readonly $ref?: string;
  readonly description?: string;
}
interface Document {
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : refsOf(item),
  );
}

describe('the OpenAPI document', () => {
  let document: Document;
  let operations: [string, Operation][];
  beforeAll(async () => {
    const script = fileURLToPath(new URL('../print-openapi.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 2 ** 26 });
    document = JSON.parse(stdout) as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  }, 30_000);

  it('is of version 3.1 and says whose it is', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'Hortus', version: expect.any(String) });
  });

  it('has every operation of the contract that is not internal, and no other', () => {
    const known = ENDPOINTS.filter(({ config }) => config.access !== 'service').map(
      ({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(operations.map(([name]) => name).sort()).toEqual(known.sort());
    expect(JSON.stringify(document)).not.toContain('internal/v1');
  });

  it('names each operation once, and says of each how it may be refused', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const unsaid = operations.filter(
      ([, { responses }]) => !Object.keys(responses).some((status) => /^4\d\d$/.test(status)),
    );
    expect(unsaid.map(([name]) => name)).toEqual(['GET /health']);
    for (const [, { responses, summary }] of operations) {
      expect(summary).toMatch(/\S/);
      for (const [status, answer] of Object.entries(responses)) {
        if (Number(status) < 400) expect(answer.description).toMatch(/\S/);
        else expect(answer).toEqual({ $ref: `#/components/responses/Problem${status}` });
      }
    }
  });

  it('says of every refusal what it means, by which code it goes, and in which form', () => {
    const shared = Object.values(document.components.responses);
    for (const { description, content = {} } of shared) {
      expect(description).toMatch(/`[A-Z_]+`: \S/);
      expect(Object.keys(content)).toEqual(['application/problem+json']);
    }
    const codes = shared.flatMap(({ content = {} }) => Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)));
    expect(codes.sort()).toEqual([...ERROR_CODES].sort());
  }); // prettier-ignore

  it('declares what can happen to every operation of a kind', () => {
    const statusesOf = (operationId: string) =>
      operations
        .filter(([, operation]) => operation.operationId === operationId)
        .flatMap(([, { responses }]) => Object.keys(responses).map(Number));
    expect(statusesOf('getMe')).toEqual([200, 401, 429, 500, 503]);
    expect(statusesOf('login')).toEqual([200, 202, 400, 401, 403, 413, 415, 429, 500, 503]);
    expect(statusesOf('updateArtifact')).toEqual([200, 400, 401, 403, 404, 412, 413, 415, 428, 429, 431, 500, 503]);
    expect(statusesOf('getVariant')).toEqual([200, 206, 304, 400, 403, 404, 416, 431, 500, 503]);
    expect(statusesOf('getHealth')).toEqual([200]);
  });

  it('is OpenAPI 3.1 by its own schema', async () => {
    expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true });
  });

  it('has an example of every JSON body and of every main answer, each of which its schema takes', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: true });
    formats.default(ajv);
    ajv.addSchema({ $id: 'document', components: document.components });
    const absolute = (schema: object) =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components')) as object;
    const problems = Object.entries(document.components.responses).flatMap(([name, { content = {} }]) =>
      Object.values(content).flatMap(({ schema = {}, examples = {} }) =>
        Object.values(examples).map(({ value }): [string, object, unknown] => [name, schema, value]),
      ),
    );
    const bodies = operations.flatMap(([name, { requestBody, responses }]) =>
      [requestBody, ...Object.values(responses)].flatMap((part) =>
        Object.entries(part?.content ?? {})
          .filter(([type]) => type === 'application/json' || type === 'text/event-stream')
          .map(([, { schema = {}, example }]): [string, object, unknown] => [name, schema, example]),
      ),
    );
    expect(bodies.length).toBeGreaterThan(30);
    for (const [name, schema, example] of [...problems, ...bodies]) {
      const isValid = ajv.validate(absolute(schema), example);
      expect([name, example, isValid ? null : ajv.errorsText()]).toEqual([name, expect.anything(), null]);
    }
  }); // prettier-ignore

  it('asks for a token where the contract does', () => {
    const open = operations
      .filter(([, { security }]) => security?.length === 0)
      .map(([, { operationId }]) => operationId);
    const expected = ENDPOINTS.filter(({ config }) => ['public', 'signed'].includes(config.access));
    expect(open.sort()).toEqual(expected.map(({ schema }) => schema.operationId).sort());
  });

  it('declares every parameter of an address', () => {
    for (const [name, { parameters = [] }] of operations) {
      const inAddress = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).sort()).toEqual(inAddress.sort());
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('has behind every reference what it refers to', () => {
    const refs = [...new Set(refsOf(document))];
    expect(refs.length).toBeGreaterThan(5);
    const missing = refs.filter((ref) => {
      const steps = ref.replace(/^#\//, '').split('/');
      const target = steps.reduce<unknown>(
        (value, step) => (value as Record<string, unknown> | undefined)?.[step],
        document,
      );
      return !ref.startsWith('#/') || target === undefined;
    });
    expect(missing).toEqual([]);
  });

  it('writes a named shape once: it never repeats one in full', () => {
    const text = JSON.stringify(document, (key, value: unknown) => (/^examples?$/.test(key) ? undefined : value));
    const count = (property: string) => text.split(`"${property}":{`).length - 1;
    // One property that only that shape has: a manifest, a problem.
    expect([count('runUrl'), count('requestId')]).toEqual([1, 1]);
  });
});
