import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * A guard is a place in the api's source that refuses a caller. Sources are changed as they are loaded, and only in the
 * process that imports this file: before each guard a question is put whether it is off. Which one is off, and which ones
 * were reached, goes with the request (AsyncLocalStorage), so that many can be tried at once.
 */

const apiFolder = fileURLToPath(new URL('../../api/src/', import.meta.url));

/** What refuses by right, not by form or by what is there. */
const CODES = ['ROLE_TOO_LOW', 'SCOPE_MISSING', 'ADDRESS_NOT_SIGNED', 'ORIGIN_NOT_ALLOWED', 'SERVICE_KEY_WRONG'];
/** In these files every refusal is one. */
const GUARD_FILES = ['http/authenticate.ts'];

export interface Watch {
  /** The guard that is off. */
  readonly off: string | null;
  readonly reached: Set<string>;
}

const watches = new AsyncLocalStorage<Watch>();

/** Every guard of the sources that are loaded. */
export const guards = new Set<string>();

export function watch<Result>(
  off: string | null,
  work: () => Promise<Result>,
): Promise<{ result: Result; reached: Set<string> }> {
  // prettier-ignore
  const reached = new Set<string>();
  return watches.run({ off, reached }, async () => ({ result: await work(), reached }));
}

const GUARD = /^( *)(.*?)\b(throw (?:new ProblemError\(\s*'(\w+)'|(\w+)\()|assertAllowed\()/gm;

/** Asks before each guard of a source without types whether it is off. */
export function instrument(source: string, file: string): { code: string; found: string[] } {
  const found: string[] = [];
  const code = source.replaceAll(
    GUARD,
    // eslint-disable-next-line @typescript-eslint/max-params -- the groups of the pattern
    (all, indent: string, before: string, guard: string, code?: string, thrower?: string, at?: number) => {
      // prettier-ignore
      const isCheck = guard.startsWith('assertAllowed');
      if (isCheck && before !== '') return all;
      if (!isCheck && !GUARD_FILES.includes(file) && !CODES.includes(code ?? '')) return all;
      const line = source.slice(0, at).split('\n').length;
      const id = `${file}:${String(line)} ${code ?? thrower ?? 'assertAllowed'}`;
      found.push(id);
      return `${indent}${before}if (!globalThis.isGuardOff(${JSON.stringify(id)})) ${guard}`;
    },
  );
  return { code, found };
}

declare global {
  var isGuardOff: (id: string) => boolean;
}

/** From now on the sources of the api are loaded with their guards instrumented. */
export function instrumentGuards(): void {
  globalThis.isGuardOff = (id) => {
    const store = watches.getStore();
    store?.reached.add(id);
    return store?.off === id;
  };
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:')) return next(url, context);
      const file = relative(apiFolder, fileURLToPath(url));
      if (file.startsWith('..') || !file.endsWith('.ts')) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'), { mode: 'strip' });
      const { code, found } = instrument(source, file);
      for (const id of found) guards.add(id);
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}
