import { Service, inject } from '@angular/core';
import type { Endpoint, Input, Output } from '@hortus/contracts/endpoint';
import { TokenKeeper } from '../session/token-keeper.ts';
import { isProblem } from './problem-error.ts';
import { request, requestHeaders, type EndpointRef } from './request.ts';

export type CallOptions<E extends Endpoint> = {
  readonly signal?: AbortSignal;
  /** The `ETag` that you saw. */
  readonly ifMatch?: string;
} & (E['config']['access'] extends 'workspace' ? { readonly workspaceId: string } : { readonly workspaceId?: never });

/** Calls the api as the person who is signed in. */
@Service()
export class ApiClient {
  readonly #tokens = inject(TokenKeeper);

  /**
   * Calls one operation, typed by its constant: `call<typeof getArtifact>({ method: 'GET', url: '/api/v1/artifacts/:id' },
   * { params: { id } }, { workspaceId })`. Throws `ProblemError`, `ConnectionError`, or `AbortError`.
   */
  async call<E extends Endpoint>(ref: EndpointRef<E>, input: Input<E>, options: CallOptions<E>): Promise<Output<E>> {
    const token = await this.#tokens.accessToken();
    try {
      return await request(ref, input, { headers: requestHeaders(token, options), signal: options.signal });
    } catch (error) {
      if (!isProblem(error, 'SIGN_IN_REQUIRED', 'TOKEN_INVALID', 'SESSION_ENDED')) throw error;
      const renewed = await this.#tokens.renew(token);
      return await request(ref, input, { headers: requestHeaders(renewed, options), signal: options.signal });
    }
  }
}
