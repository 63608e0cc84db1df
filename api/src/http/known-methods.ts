import type { FastifyInstance } from 'fastify';

const ESCAPED = /[.*+?^${}()|[\]\\]/g;

export interface KnownMethods {
  /** Whether an operation has exactly this path, without a parameter in it. */
  isLiteral(path: string): boolean;
  /** The methods that the operations at a path take, in order; none where there is no operation. */
  at(path: string): readonly string[];
}

/**
 * Remembers routes as they are registered, so that an address that exists is told apart from a method that it does not take
 * (RFC 9110 §15.5.6). An address without a parameter is only itself: `/artifacts/zip` is no artifact of that id.
 */
export function collectKnownMethods(app: FastifyInstance): KnownMethods {
  const byUrl = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // The page of the web app answers every address; it is no operation.
    if (url.includes('*')) return;
    const source = url.replaceAll(ESCAPED, '\\$&').replaceAll(/:\w+/g, '[^/]+');
    const known = byUrl.get(url) ?? { pattern: new RegExp(`^${source}$`), methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    byUrl.set(url, known);
  });
  const isLiteral = (path: string) => !path.includes(':') && byUrl.has(path);
  return {
    isLiteral,
    at(path) {
      const found = isLiteral(path)
        ? [byUrl.get(path)]
        : [...byUrl.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(found.flatMap((known) => [...(known?.methods ?? [])]))].sort();
    },
  };
}
