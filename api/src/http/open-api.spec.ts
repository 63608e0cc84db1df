import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string }[];
  readonly responses: Readonly<Record<string, { description?: string; content?: Record<string, unknown> }>>;
}
interface Document {
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
      for (const [status, response] of Object.entries(responses)) {
        expect(response.description).toMatch(/\S/);
        if (Number(status) >= 400) expect(Object.keys(response.content ?? {})).toEqual(['application/problem+json']);
      }
    }
  });

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
    const count = (property: string) => JSON.stringify(document).split(`"${property}":{`).length - 1;
    // One property that only that shape has: an artifact, a manifest, a problem.
    expect([count('revision'), count('srcsets'), count('requestId')]).toEqual([1, 1, 1]);
  });
});
