import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { PasswordProof } from './factor-api.ts';
import { Timestamp } from './text.ts';

/** Where the provider sends the browser back to. */
export const OPEN_ID_CALLBACK_PATH = '/api/v1/auth/openid/callback';

export const SignInMethods = Type.Object(
  {
    provider: Type.Union(
      [
        Type.Object(
          {
            name: Type.String({ description: 'What people call it' }),
            url: Type.String({ description: 'Where signing in there begins' }),
          },
          { description: 'The provider' },
        ),
        Type.Null(),
      ],
      { description: 'A provider (OpenID Connect) that people can sign in at; null where none is set up' },
    ),
  },
  { description: 'How people can sign in, beside e-mail address and password, and passkey' },
);
export type SignInMethods = Static<typeof SignInMethods>;

/** A path of the product itself: `//host` and `/\host` would lead elsewhere. */
const ReturnPath = Type.String({
  maxLength: 1000,
  pattern: '^/(?![/\\\\])[^\\u0000-\\u0020\\\\\\u007f\\ud800-\\udfff]*$',
  description: 'The page to go to afterwards, a path of the product; default `/`',
});

export const Identity = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Identifies the identity' }),
    issuer: Type.String({ description: 'The provider' }),
    createdAt: Timestamp('When it was linked'),
    lastUsedAt: Timestamp('When it last signed you in'),
  },
  { description: 'An identity at a provider that signs a person in' },
);
export type Identity = Static<typeof Identity>;

const tags = ['Accounts'];
const moved = Type.Null({ description: 'The browser is sent on, by `Location`' });

export const getSignInMethods = {
  method: 'GET',
  url: '/api/v1/auth/methods',
  schema: {
    operationId: 'getSignInMethods',
    summary: 'How people can sign in here',
    tags,
    response: { 200: SignInMethods },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const beginOpenIdLogin = {
  method: 'GET',
  url: '/api/v1/auth/openid/start',
  schema: {
    operationId: 'beginOpenIdLogin',
    summary: 'Sign in at the provider',
    description: 'For browsers to go to. Sends them on to the provider, which sends them back to the callback.',
    tags,
    querystring: Type.Object({ returnTo: Type.Optional(ReturnPath) }, { additionalProperties: false }),
    response: { 303: moved, 400: Problem, 404: Problem, 429: Problem, 503: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const finishOpenIdLogin = {
  method: 'GET',
  url: OPEN_ID_CALLBACK_PATH,
  schema: {
    operationId: 'finishOpenIdLogin',
    summary: 'Where the provider sends the browser back to',
    description:
      'Sets the refresh cookie and sends the browser on to the page that it came from. Where a second factor is asked for it ' +
      'is sent to `/sign-in#challenge=…`, and where signing in failed to `/sign-in?problem=<code>`.',
    tags,
    // Whatever a provider adds is passed over; what is needed is checked against what was asked.
    querystring: Type.Object({}, { additionalProperties: true, maxProperties: 20 }),
    response: { 303: moved, 404: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const linkIdentity = {
  method: 'POST',
  url: '/api/v1/me/identities',
  schema: {
    operationId: 'linkIdentity',
    summary: 'Begin to link an identity at the provider to your account',
    description:
      'Answers where the browser has to go. The provider sends it back, and the identity signs you in from then on.',
    tags,
    body: Type.Object(
      { password: PasswordProof.properties.password, returnTo: Type.Optional(ReturnPath) },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({ url: Type.String({ description: 'The address at the provider' }) }),
      400: Problem,
      401: Problem,
      403: Problem,
      404: Problem,
      429: Problem,
      503: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const listIdentities = {
  method: 'GET',
  url: '/api/v1/me/identities',
  schema: {
    operationId: 'listIdentities',
    summary: 'The identities at providers that sign you in',
    tags,
    response: {
      200: Type.Object({ items: Type.Array(Identity, { description: 'All of them, 20 at the most' }) }),
      401: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const unlinkIdentity = {
  method: 'DELETE',
  url: '/api/v1/me/identities/:identityId',
  schema: {
    operationId: 'unlinkIdentity',
    summary: 'Unlink an identity; it signs nobody in any more',
    description: 'Whoever has no password yet can get one as a forgotten one.',
    tags,
    params: Type.Object(
      { identityId: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The identity' }) },
      { additionalProperties: false },
    ),
    response: { 204: Type.Null({ description: 'It is unlinked' }), 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;
