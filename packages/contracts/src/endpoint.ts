import type { Static, TSchema } from 'typebox';

/**
 * Who may call an operation. The api refuses to register a route that names none of these (deny by default).
 *
 * - `public`: anybody.
 * - `session`: a signed-in person.
 * - `workspace`: a signed-in person who is a member of the workspace that the header `Hortus-Workspace` names, or an API
 *   token of that workspace whose scopes allow the method.
 * - `membership`: a signed-in person who is a member of the workspace that the path names as `:workspaceId`. No API token:
 *   one that could make another, or a member, would outlive its own end.
 * - `signed`: whoever holds an address that the api signed and that has not expired (pictures in `<img>`).
 * - `service`: a program of the product, by its service key.
 */
export const ACCESSES = ['public', 'session', 'workspace', 'membership', 'signed', 'service'] as const;
export type Access = (typeof ACCESSES)[number];

/** One operation of the api: what Fastify registers, what OpenAPI prints and what clients are typed by. */
export interface Endpoint {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` parameters, complete with its `/api/v1` or `/internal/v1`. */
  readonly url: string;
  readonly schema: {
    readonly operationId: string;
    readonly summary: string;
    readonly description?: string;
    readonly tags: readonly string[];
    readonly consumes?: readonly string[];
    readonly produces?: readonly string[];
    readonly params?: TSchema;
    readonly querystring?: TSchema;
    readonly headers?: TSchema;
    readonly body?: TSchema;
    readonly response: Readonly<Record<number, TSchema>>;
  };
  readonly config: { readonly access: Access };
}

type Part<E extends Endpoint, Name extends string> =
  E['schema'] extends Readonly<Record<Name, infer S extends TSchema>> ? Static<S> : undefined;

/** What a caller of the operation gives: the parts that the operation declares, and no others. */
export type Input<E extends Endpoint> = {
  [
    Name in 'params' | 'querystring' | 'body' as E['schema'] extends Readonly<Record<Name, TSchema>> ? Name : never
  ]: Part<E, Name>;
};

type Success = 200 | 201 | 202 | 204;

/** What the operation answers when it succeeds. */
export type Output<E extends Endpoint> = {
  [Status in keyof E['schema']['response'] & Success]: Static<E['schema']['response'][Status]>;
}[keyof E['schema']['response'] & Success];
