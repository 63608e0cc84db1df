import { Type, type Static } from 'typebox';
import { FactorCode, PASSWORD_LENGTH_MAX } from './auth-api.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Text, Timestamp } from './text.ts';

const password = Text({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX, description: 'Your password' });

export const PasswordProof = Type.Object({ password }, { additionalProperties: false });
export type PasswordProof = Static<typeof PasswordProof>;

export const TotpSetup = Type.Object(
  {
    secret: Type.String({
      description: 'To type into an authenticator app, base32. It is told this once and never again',
    }),
    uri: Type.String({ description: 'The same for scanning as a QR code, `otpauth://totp/…`' }),
  },
  { description: 'A secret for an authenticator app, which is not in force yet' },
);
export type TotpSetup = Static<typeof TotpSetup>;

export const TotpCode = Type.Object(
  {
    code: Type.String({ pattern: '^[0-9]{6}$', description: 'The six digits that the authenticator app shows' }),
  },
  { additionalProperties: false },
);
export type TotpCode = Static<typeof TotpCode>;

export const BothFactors = Type.Object(
  {
    password,
    code: FactorCode,
  },
  { additionalProperties: false },
);
export type BothFactors = Static<typeof BothFactors>;

export const RecoveryCodes = Type.Object(
  {
    recoveryCodes: Type.Array(
      Type.String({ description: 'One code, such as `k3mq-9fzt-0w2c-hx7d`; good for one sign-in' }),
      {
        description: 'Ten codes for when the app is not at hand. They are told this once; earlier ones hold no more',
      },
    ),
  },
  { description: 'New recovery codes' },
);
export type RecoveryCodes = Static<typeof RecoveryCodes>;

export const Factors = Type.Object(
  {
    totpSince: Type.Union([Timestamp('Since when an authenticator app is asked for'), Type.Null()], {
      description: 'Since when an authenticator app is asked for; null where none is',
    }),
    recoveryCodesLeft: Type.Integer({ description: 'How many recovery codes have not been used' }),
    passkeys: Type.Integer({ description: 'How many passkeys there are' }),
  },
  { description: 'By what a person signs in, beside the password' },
);
export type Factors = Static<typeof Factors>;

const tags = ['Accounts'];
const denied = { 400: Problem, 401: Problem, 403: Problem, 409: Problem, 429: Problem } as const;

export const getFactors = {
  method: 'GET',
  url: '/api/v1/me/factors',
  schema: {
    operationId: 'getFactors',
    summary: 'Your second factors and passkeys',
    tags,
    response: { 200: Factors, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const setUpTotp = {
  method: 'POST',
  url: '/api/v1/me/totp',
  schema: {
    operationId: 'setUpTotp',
    summary: 'Begin to set up an authenticator app',
    description:
      'Signing in asks for nothing new until `confirmTotp` got the first code. An earlier beginning is dropped.',
    tags,
    body: PasswordProof,
    response: { 201: TotpSetup, ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const confirmTotp = {
  method: 'POST',
  url: '/api/v1/me/totp/confirm',
  schema: {
    operationId: 'confirmTotp',
    summary: 'Finish to set up an authenticator app, by its first code',
    description: 'From now on signing in with the password asks for a code. All other sessions of yours end at once.',
    tags,
    body: TotpCode,
    response: { 200: RecoveryCodes, ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const disableTotp = {
  method: 'POST',
  url: '/api/v1/me/totp/disable',
  schema: {
    operationId: 'disableTotp',
    summary: 'Sign in without an authenticator app again',
    description: 'The recovery codes go with it.',
    tags,
    body: BothFactors,
    response: { 204: Type.Null({ description: 'No code is asked for any more' }), ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const renewRecoveryCodes = {
  method: 'POST',
  url: '/api/v1/me/recovery-codes',
  schema: {
    operationId: 'renewRecoveryCodes',
    summary: 'Get ten new recovery codes in place of the old ones',
    tags,
    body: BothFactors,
    response: { 200: RecoveryCodes, ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;
