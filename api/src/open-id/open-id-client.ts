import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { OPEN_ID_CALLBACK_PATH } from '@hortus/contracts/open-id-api';
import { ProblemError } from '@hortus/service/problem';

/*
 * Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0; RFC 9700). The library checks state, nonce,
 * issuer (also of the answer itself, RFC 9207, against mix-up), audience and times; here the signature of the ID token is
 * checked as well, which the standard would let pass on a direct connection. One provider has one callback.
 */

const TIMEOUT_SECONDS = 10;
/** A provider may move its endpoints; its keys are asked for anew when an unknown one signs. */
const METADATA_HOLDS_MS = 60 * 60 * 1000;
const EMAIL = /^[^\s@\0]+@[^\s@\0]+$/;
const EMAIL_MAX = 254;
const NAME_MAX = 100;

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly publicUrl: string;
}

export interface ProviderIdentity {
  /** A hash of issuer and subject. */
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; null where the provider gives none that could be one. */
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly displayName: string | null;
}

/** What is kept between the two steps. */
export interface ProviderChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface OpenIdClient {
  /** @throws ProblemError PROVIDER_AWAY */
  begin(): Promise<ProviderChecks & { readonly url: string }>;
  /**
   * @param search the query of the callback, as it came
   * @throws ProblemError PROVIDER_AWAY, PROVIDER_REFUSED, PROVIDER_ANSWER_INVALID
   */
  finish(search: string, checks: ProviderChecks): Promise<ProviderIdentity>;
}

function away(cause: unknown): ProblemError {
  return new ProblemError('PROVIDER_AWAY', 'Try again in a moment, or sign in another way.', { cause });
}

function isAway(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM';
}

function toProblem(error: unknown): ProblemError {
  if (error instanceof client.AuthorizationResponseError) {
    return new ProblemError('PROVIDER_REFUSED', 'Try again, or sign in another way.', { cause: error });
  }
  if (isAway(error)) return away(error);
  return new ProblemError('PROVIDER_ANSWER_INVALID', 'Begin again at the sign-in page.', { cause: error });
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').trim() : null;
}

function readIdentity(issuer: string, subject: string, claims: Readonly<Record<string, unknown>>): ProviderIdentity {
  const email = readText(claims['email'])?.toLowerCase() ?? '';
  const isEmail = EMAIL.test(email) && email.length <= EMAIL_MAX;
  const name = readText(claims['name'] ?? claims['preferred_username']) ?? '';
  return {
    id: createHash('sha256')
      .update(JSON.stringify([issuer, subject]))
      .digest('hex'),
    issuer,
    subject,
    email: isEmail ? email : null,
    // Some providers write it as text; only what the standard says is taken.
    isEmailVerified: isEmail && claims['email_verified'] === true,
    displayName: name === '' ? null : Array.from(name).slice(0, NAME_MAX).join(''),
  };
}

/** Asks the provider nothing until somebody signs in there, so that it may be away when the api starts. */
export function createOpenIdClient({ issuer, clientId, clientSecret, publicUrl }: ProviderSettings): OpenIdClient {
  const server = new URL(issuer);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(server.hostname);
  const redirectUri = `${publicUrl}${OPEN_ID_CALLBACK_PATH}`;
  let known: { readonly metadata: Promise<client.Configuration>; readonly untilMs: number } | null = null;

  function discover(): Promise<client.Configuration> {
    return client.discovery(
      server,
      clientId,
      undefined,
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
      {
        timeout: TIMEOUT_SECONDS,
        // Plain HTTP is for a provider on the same machine only.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out
        execute: [client.enableNonRepudiationChecks, ...(isLoopback ? [client.allowInsecureRequests] : [])],
      },
    );
  }

  async function readMetadata(): Promise<client.Configuration> {
    if (known === null || known.untilMs <= performance.now()) {
      known = { metadata: discover(), untilMs: performance.now() + METADATA_HOLDS_MS };
    }
    try {
      return await known.metadata;
    } catch (error) {
      known = null;
      throw away(error);
    }
  }

  return {
    async begin() {
      const metadata = await readMetadata();
      const checks = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(metadata, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { ...checks, url: url.href };
    },

    async finish(search, { state, nonce, codeVerifier }) {
      const metadata = await readMetadata();
      try {
        const tokens = await client.authorizationCodeGrant(metadata, new URL(`${redirectUri}?${search}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('the provider gave no ID token');
        const isComplete = 'email' in claims || metadata.serverMetadata().userinfo_endpoint === undefined;
        const more = isComplete ? claims : await client.fetchUserInfo(metadata, tokens.access_token, claims.sub);
        return readIdentity(claims.iss, claims.sub, more);
      } catch (error) {
        throw toProblem(error);
      }
    },
  };
}
