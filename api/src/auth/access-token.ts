import type { FastifyJWTOptions, JWT } from '@fastify/jwt';

const ACCESS_TOKEN_LIFETIME = '10 minutes';
const ISSUER = 'hortus';
const AUDIENCE = 'hortus-api';

/** Whose request it is: the person and the session that the token was given to. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  issue(claims: AccessClaims): string;
  /** The claims of a token of ours that has not expired; null for any other. */
  read(token: string): AccessClaims | null;
}

/** How the JWT plugin is to be registered: one algorithm, fixed issuer and audience, ten minutes. */
export function accessTokenOptions(key: Buffer): FastifyJWTOptions {
  return {
    secret: key,
    sign: { algorithm: 'HS256', iss: ISSUER, aud: AUDIENCE, expiresIn: ACCESS_TOKEN_LIFETIME },
    verify: { algorithms: ['HS256'], allowedIss: ISSUER, allowedAud: AUDIENCE, requiredClaims: ['exp', 'sub', 'sid'] },
  };
}

export function createAccessTokens(jwt: JWT): AccessTokens {
  return {
    issue: ({ userId, sessionId }) => jwt.sign({ sub: userId, sid: sessionId }),
    read(token) {
      try {
        const { sub, sid } = jwt.verify<{ sub: unknown; sid: unknown }>(token);
        return typeof sub === 'string' && typeof sid === 'string' ? { userId: sub, sessionId: sid } : null;
      } catch {
        // Every reason (expired, forged, another algorithm, no token at all) has the same answer.
        return null;
      }
    },
  };
}
