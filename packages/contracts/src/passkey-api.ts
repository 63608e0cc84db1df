import { Type, type Static } from 'typebox';
import { PasswordProof } from './factor-api.ts';
import { SignedIn } from './auth-api.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Text, Timestamp, Uuid } from './text.ts';

export const PASSKEYS_MAX = 20;

const Base64Url = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]*$', description: `${description} (base64url)` });

/** What `navigator.credentials` gives, by its own `toJSON()`: browsers may add fields. */
const credential = {
  id: Base64Url(1400, 'Identifies the credential'),
  rawId: Base64Url(1400, 'The same'),
  type: Type.Literal('public-key', { description: 'The kind of credential' }),
  clientExtensionResults: Type.Object(
    {},
    { maxProperties: 20, description: 'What extensions of the browser answered; not used' },
  ),
  authenticatorAttachment: Type.Optional(
    Type.Union([Text({ maxLength: 40, description: 'Where the authenticator is' }), Type.Null()], {
      description: 'Where the authenticator is; not used',
    }),
  ),
};

export const PasskeyRegistration = Type.Object(
  {
    name: Text({ minLength: 1, maxLength: 100, description: 'By which you know it, 1 to 100 characters' }),
    credential: Type.Object(
      {
        ...credential,
        response: Type.Object(
          {
            clientDataJSON: Base64Url(10_000, 'What the browser says that it asked the authenticator for'),
            attestationObject: Base64Url(100_000, 'The new public key, as the authenticator gives it'),
            transports: Type.Optional(
              Type.Array(Text({ maxLength: 40, description: 'One way' }), {
                maxItems: 10,
                description: 'By which ways the authenticator can be reached',
              }),
            ),
          },
          { maxProperties: 20, description: 'What the authenticator answered' },
        ),
      },
      { maxProperties: 20, description: 'What `navigator.credentials.create()` gave, as its `toJSON()` writes it' },
    ),
  },
  { additionalProperties: false },
);
export type PasskeyRegistration = Static<typeof PasskeyRegistration>;

export const PasskeySignIn = Type.Object(
  {
    credential: Type.Object(
      {
        ...credential,
        response: Type.Object(
          {
            clientDataJSON: Base64Url(10_000, 'What the browser says that it asked the authenticator for'),
            authenticatorData: Base64Url(10_000, 'What the authenticator says of itself'),
            signature: Base64Url(10_000, 'Its signature of both'),
            userHandle: Base64Url(100, 'Whose passkey it is'),
          },
          { maxProperties: 20, description: 'What the authenticator answered' },
        ),
      },
      { maxProperties: 20, description: 'What `navigator.credentials.get()` gave, as its `toJSON()` writes it' },
    ),
  },
  { additionalProperties: false },
);
export type PasskeySignIn = Static<typeof PasskeySignIn>;

const options = (method: string) =>
  Type.Object(
    { challenge: Type.String({ description: 'Holds for five minutes and works once (base64url)' }) },
    { additionalProperties: true, description: `For \`PublicKeyCredential.${method}()\`` },
  );

export const Passkey = Type.Object(
  {
    id: Uuid('Identifies the passkey'),
    name: Type.String({ description: 'By which you know it' }),
    isSynced: Type.Boolean({ description: 'Whether its maker keeps a copy, so that other devices have it as well' }),
    createdAt: Timestamp('When it was registered'),
    lastUsedAt: Type.Union([Timestamp('When it last signed you in'), Type.Null()], {
      description: 'When it last signed you in; null when it never did',
    }),
  },
  { description: 'A passkey, without its key' },
);
export type Passkey = Static<typeof Passkey>;

export const PasskeyPatch = Type.Object(
  { name: Text({ minLength: 1, maxLength: 100, description: 'By which you know it, 1 to 100 characters' }) },
  { additionalProperties: false },
);
export type PasskeyPatch = Static<typeof PasskeyPatch>;

const tags = ['Accounts'];
const params = Type.Object({ passkeyId: Uuid('The passkey') }, { additionalProperties: false });
const denied = { 400: Problem, 401: Problem, 403: Problem, 409: Problem, 429: Problem } as const;

export const beginPasskey = {
  method: 'POST',
  url: '/api/v1/me/passkeys/options',
  schema: {
    operationId: 'beginPasskey',
    summary: 'Begin to register a passkey',
    tags,
    body: PasswordProof,
    response: { 200: options('parseCreationOptionsFromJSON'), ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const registerPasskey = {
  method: 'POST',
  url: '/api/v1/me/passkeys',
  schema: {
    operationId: 'registerPasskey',
    summary: 'Register the passkey that the authenticator has made',
    tags,
    body: PasskeyRegistration,
    response: { 201: Passkey, ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const listPasskeys = {
  method: 'GET',
  url: '/api/v1/me/passkeys',
  schema: {
    operationId: 'listPasskeys',
    summary: 'Your passkeys, oldest first',
    tags,
    response: {
      200: Type.Object({ items: Type.Array(Passkey, { description: 'All of them, 20 at the most' }) }),
      401: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const renamePasskey = {
  method: 'PATCH',
  url: '/api/v1/me/passkeys/:passkeyId',
  schema: {
    operationId: 'renamePasskey',
    summary: 'Rename a passkey',
    tags,
    params,
    body: PasskeyPatch,
    response: { 200: Passkey, 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const deletePasskey = {
  method: 'DELETE',
  url: '/api/v1/me/passkeys/:passkeyId',
  schema: {
    operationId: 'deletePasskey',
    summary: 'Delete a passkey; it signs nobody in any more',
    tags,
    params,
    response: { 204: Type.Null({ description: 'It is deleted' }), 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const beginPasskeyLogin = {
  method: 'POST',
  url: '/api/v1/auth/passkey/options',
  schema: {
    operationId: 'beginPasskeyLogin',
    summary: 'Begin to sign in with a passkey',
    description: 'The same for everybody: the authenticator says who it is.',
    tags,
    response: { 200: options('parseRequestOptionsFromJSON'), 403: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const passkeyLogin = {
  method: 'POST',
  url: '/api/v1/auth/passkey',
  schema: {
    operationId: 'passkeyLogin',
    summary: 'Sign in with a passkey',
    description:
      'The passkey is something that you have, and asks for something that you know or are: it counts as both factors. ' +
      'Answers and sets what `login` does.',
    tags,
    body: PasskeySignIn,
    response: { 200: SignedIn, 400: Problem, 403: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;
