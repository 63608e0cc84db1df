/** How long before its end a token is no longer used: longer than a request needs to arrive. */
export const TOKEN_MARGIN_MS = 15_000;

/**
 * When a token has to be renewed, on this machine's clock. It counts from the moment of receipt, so that a clock that is
 * wrong neither wears a token out early nor uses it too long. A token that can't be read is renewed when the api says so.
 */
export function renewAtMs(accessToken: string, receivedAtMs: number): number {
  const payload = accessToken.split('.')[1];
  if (payload === undefined) return Infinity;
  try {
    const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
      readonly iat?: unknown;
      readonly exp?: unknown;
    };
    if (typeof iat !== 'number' || typeof exp !== 'number') return Infinity;
    return receivedAtMs + (exp - iat) * 1000 - TOKEN_MARGIN_MS;
  } catch {
    return Infinity;
  }
}
