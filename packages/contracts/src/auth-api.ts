import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Text, Uuid } from './text.ts';
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

const tags = ['Accounts'];

export const login = {
  method: 'POST',
  url: '/api/v1/auth/login',
  schema: {
    operationId: 'login',
    summary: 'Sign in with e-mail address and password',
    description: 'Sets the refresh cookie (httpOnly, Secure, SameSite=Strict) and answers an access token.',
    tags,
    body: Credentials,
    response: { 200: SignedIn, 400: Problem, 401: Problem, 403: Problem, 429: Problem },
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
