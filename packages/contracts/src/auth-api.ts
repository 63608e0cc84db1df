import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Name, Text, Timestamp, Uuid } from './text.ts';
import { WorkspaceMembership } from './workspace.ts';

export const PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;

/** The cookie that carries the refresh token. Its path is `/api/v1/auth`, so no other request carries it. */
export const REFRESH_COOKIE = 'hortus_refresh';

export const Credentials = Type.Object(
  {
    email: Text({ minLength: 3, maxLength: 254, description: 'E-mail address; upper and lower case are the same' }),
    password: Text({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX, description: 'Password, 8 to 128 characters' }),
  },
  { additionalProperties: false },
);
export type Credentials = Static<typeof Credentials>;

export const Person = Type.Object(
  {
    id: Uuid('Identifies the person'),
    email: Type.String({ description: 'E-mail address' }),
    displayName: Type.String({ description: 'The name that others see' }),
  },
  { description: 'A person with an account' },
);
export type Person = Static<typeof Person>;

export const SignedIn = Type.Object(
  {
    accessToken: Type.String({
      description: 'JWT for the header `Authorization: Bearer …`; valid for 10 minutes. Keep it in memory only',
    }),
    user: Person,
    workspaces: Type.Array(WorkspaceMembership, { description: 'The workspaces that you are a member of, by name' }),
  },
  { description: 'Who is signed in' },
);
export type SignedIn = Static<typeof SignedIn>;

export const Me = Type.Pick(SignedIn, ['user', 'workspaces'], { description: 'Who is signed in' });
export type Me = Static<typeof Me>;

/** Six digits of an authenticator app, or a recovery code as it is written or typed. */
export const FactorCode = Text({
  minLength: 6,
  maxLength: 40,
  description: 'The six digits that the authenticator app shows, or one of the recovery codes',
});

export const SecondFactorAsked = Type.Object(
  {
    challenge: Type.String({ description: 'Goes with the code to `finishLogin`; proves the first step' }),
    expiresAt: Timestamp('Until when the challenge holds'),
  },
  { description: 'The password was right, and the person has a second factor' },
);
export type SecondFactorAsked = Static<typeof SecondFactorAsked>;

export const SecondFactor = Type.Object(
  {
    challenge: Text({ minLength: 1, maxLength: 2000, description: 'As `login` gave it' }),
    code: FactorCode,
  },
  { additionalProperties: false },
);
export type SecondFactor = Static<typeof SecondFactor>;

export const ProfilePatch = Type.Object(
  {
    displayName: Type.Optional(Name({ maxLength: 100, description: 'The name that others see, 1 to 100 characters' })),
  },
  { additionalProperties: false },
);
export type ProfilePatch = Static<typeof ProfilePatch>;

export const PasswordChange = Type.Object(
  {
    currentPassword: Text({
      minLength: 1,
      maxLength: PASSWORD_LENGTH_MAX,
      description: 'The password that you have now',
    }),
    newPassword: Text({
      minLength: PASSWORD_LENGTH_MIN,
      maxLength: PASSWORD_LENGTH_MAX,
      description: 'The password that you want, 8 to 128 characters of any kind; common ones are refused',
    }),
  },
  { additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordChange>;

export const Session = Type.Object(
  {
    id: Uuid('Identifies the session'),
    device: Type.String({ description: 'Browser and system in plain words, such as `Firefox on Linux`' }),
    createdAt: Timestamp('When the person signed in'),
    lastUsedAt: Timestamp('When the session last got a new access token'),
    isCurrent: Type.Boolean({ description: 'Whether it is the session of this request' }),
  },
  { description: 'A signed-in browser' },
);
export type Session = Static<typeof Session>;

const tags = ['Accounts'];

export const login = {
  method: 'POST',
  url: '/api/v1/auth/login',
  schema: {
    operationId: 'login',
    summary: 'Sign in with e-mail address and password',
    description:
      'Sets the refresh cookie (httpOnly, Secure, SameSite=Strict) and answers an access token. Where the person has a ' +
      'second factor it answers 202 instead, with a challenge: `finishLogin` takes it together with a code.',
    tags,
    body: Credentials,
    response: { 200: SignedIn, 202: SecondFactorAsked, 400: Problem, 401: Problem, 403: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const finishLogin = {
  method: 'POST',
  url: '/api/v1/auth/login/code',
  schema: {
    operationId: 'finishLogin',
    summary: 'Sign in with the second factor',
    description:
      'The second step of `login`. A code of the authenticator app is taken once, and wrong ones make it wait; a recovery ' +
      'code is taken once and need not wait.',
    tags,
    body: SecondFactor,
    response: { 200: SignedIn, 400: Problem, 403: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const refresh = {
  method: 'POST',
  url: '/api/v1/auth/refresh',
  schema: {
    operationId: 'refresh',
    summary: 'Get a new access token by the refresh cookie',
    tags,
    response: { 200: SignedIn, 401: Problem, 403: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const logout = {
  method: 'POST',
  url: '/api/v1/auth/logout',
  schema: {
    operationId: 'logout',
    summary: 'End the session of the refresh cookie',
    description: 'Answers 204 as well when there is no session to end.',
    tags,
    response: { 204: Type.Null({ description: 'The session has ended' }), 403: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const getMe = {
  method: 'GET',
  url: '/api/v1/me',
  schema: {
    operationId: 'getMe',
    summary: 'Who is signed in',
    tags,
    response: { 200: Me, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const updateMe = {
  method: 'PATCH',
  url: '/api/v1/me',
  schema: {
    operationId: 'updateMe',
    summary: 'Change what others see of you',
    tags,
    body: ProfilePatch,
    response: { 200: Person, 400: Problem, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const changePassword = {
  method: 'POST',
  url: '/api/v1/me/password',
  schema: {
    operationId: 'changePassword',
    summary: 'Change your password',
    description: 'Asks for the present password. All other sessions of yours end at once.',
    tags,
    body: PasswordChange,
    response: {
      204: Type.Null({ description: 'The password is changed' }),
      400: Problem,
      401: Problem,
      403: Problem,
      429: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const listSessions = {
  method: 'GET',
  url: '/api/v1/auth/sessions',
  schema: {
    operationId: 'listSessions',
    summary: 'Your sessions, the one that was used last first',
    tags,
    response: {
      200: Type.Object({
        items: Type.Array(Session, { description: 'The sessions that have not ended, 200 at the most' }),
      }),
      401: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const endSession = {
  method: 'DELETE',
  url: '/api/v1/auth/sessions/:sessionId',
  schema: {
    operationId: 'endSession',
    summary: 'End one of your sessions',
    tags,
    params: Type.Object({ sessionId: Uuid('The session') }, { additionalProperties: false }),
    response: { 204: Type.Null({ description: 'The session has ended' }), 400: Problem, 401: Problem, 404: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const logoutEverywhere = {
  method: 'POST',
  url: '/api/v1/auth/logout-everywhere',
  schema: {
    operationId: 'logoutEverywhere',
    summary: 'End all of your sessions',
    tags,
    body: Type.Union([
      Type.Object(
        {
          exceptCurrent: Type.Optional(
            Type.Boolean({ default: false, description: 'Leave the session of this request; default false' }),
          ),
        },
        { additionalProperties: false },
      ),
      Type.Null({ description: 'No body: all sessions end' }),
    ]),
    response: { 204: Type.Null({ description: 'The sessions have ended' }), 400: Problem, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;
