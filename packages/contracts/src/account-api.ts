import { Type, type Static } from 'typebox';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './auth-api.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Email, Name, Text } from './text.ts';

/** Who may make an account: everybody, only whoever is invited to a workspace, or nobody. */
export const REGISTRATIONS = ['open', 'invited', 'closed'] as const;
export type Registration = (typeof REGISTRATIONS)[number];

export const VERIFICATION_LINK_MINUTES = 24 * 60;
export const RESET_LINK_MINUTES = 30;
export const EMAIL_CHANGE_LINK_MINUTES = 60;

const NewPassword = Text({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'The password that you want, 8 to 128 characters of any kind; common ones are refused',
});

const CurrentPassword = Text({
  minLength: 1,
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'The password that you have now',
});

const LinkToken = Text({
  minLength: 1,
  maxLength: 200,
  description: 'The token that stands behind `#token=` in the link',
});

export const NewAccount = Type.Object(
  {
    email: Email('E-mail address; upper and lower case are the same'),
    password: NewPassword,
    displayName: Name({ maxLength: 100, description: 'The name that others see, 1 to 100 characters' }),
    workspaceName: Type.Optional(
      Name({
        maxLength: 100,
        description: 'Name of a first workspace, which is made when the address is confirmed; none when absent',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NewAccount = Static<typeof NewAccount>;

export const EmailVerification = Type.Object(
  {
    token: LinkToken,
    password: Text({
      minLength: 1,
      maxLength: PASSWORD_LENGTH_MAX,
      description: 'The password that was given with the registration',
    }),
  },
  { additionalProperties: false },
);
export type EmailVerification = Static<typeof EmailVerification>;

export const PasswordReset = Type.Object(
  { token: LinkToken, newPassword: NewPassword },
  { additionalProperties: false },
);
export type PasswordReset = Static<typeof PasswordReset>;

export const EmailChange = Type.Object(
  { email: Email('The new e-mail address'), currentPassword: CurrentPassword },
  { additionalProperties: false },
);
export type EmailChange = Static<typeof EmailChange>;

export const AccountDeletion = Type.Object({ currentPassword: CurrentPassword }, { additionalProperties: false });
export type AccountDeletion = Static<typeof AccountDeletion>;

const Address = Type.Object({ email: Email('E-mail address') }, { additionalProperties: false });

const tags = ['Accounts'];
const SAME_FOR_ALL =
  'The answer is the same whether or not the address has an account; what is true stands in the mail.';
const onItsWay = Type.Null({ description: 'If there is something to send, it is on its way' });

export const getRegistration = {
  method: 'GET',
  url: '/api/v1/auth/registration',
  schema: {
    operationId: 'getRegistration',
    summary: 'Whether accounts can be registered here',
    tags,
    response: {
      200: Type.Object(
        {
          registration: Type.Enum(REGISTRATIONS as unknown as Registration[], {
            description:
              'Who may make an account: `open` everybody, `invited` whoever is invited to a workspace, `closed` nobody',
          }),
        },
        { description: 'Who may make an account' },
      ),
      429: Problem,
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const register = {
  method: 'POST',
  url: '/api/v1/auth/register',
  schema: {
    operationId: 'register',
    summary: 'Ask for an account',
    description: `Sends a link to the address, good for 24 hours; the account is there once \`verifyEmail\` has confirmed it. ${SAME_FOR_ALL}`,
    tags,
    body: NewAccount,
    response: { 202: onItsWay, 400: Problem, 403: Problem, 429: Problem, 503: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const resendVerification = {
  method: 'POST',
  url: '/api/v1/auth/resend-verification',
  schema: {
    operationId: 'resendVerification',
    summary: 'Send the link of your newest registration again',
    description: `A new link takes the place of the one before. ${SAME_FOR_ALL}`,
    tags,
    body: Address,
    response: { 202: onItsWay, 400: Problem, 403: Problem, 429: Problem, 503: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const verifyEmail = {
  method: 'POST',
  url: '/api/v1/auth/verify-email',
  schema: {
    operationId: 'verifyEmail',
    summary: 'Confirm the address of a registration',
    description:
      'Makes the account, and the first workspace where one was named; then `login` takes address and password. It asks for ' +
      'the password of the registration, so that nobody makes an account for a stranger who has registered their address.',
    tags,
    body: EmailVerification,
    response: {
      204: Type.Null({ description: 'The account is there' }),
      400: Problem,
      403: Problem,
      410: Problem,
      429: Problem,
      503: Problem,
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const forgotPassword = {
  method: 'POST',
  url: '/api/v1/auth/forgot-password',
  schema: {
    operationId: 'forgotPassword',
    summary: 'Ask for a link by which a new password is chosen',
    description: `The link is good once, for 30 minutes. ${SAME_FOR_ALL}`,
    tags,
    body: Address,
    response: { 202: onItsWay, 400: Problem, 429: Problem, 503: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const resetPassword = {
  method: 'POST',
  url: '/api/v1/auth/reset-password',
  schema: {
    operationId: 'resetPassword',
    summary: 'Choose a new password by a link',
    description: 'All sessions of the person end. It signs nobody in: a second factor is asked for as ever.',
    tags,
    body: PasswordReset,
    response: {
      204: Type.Null({ description: 'The password is changed' }),
      400: Problem,
      410: Problem,
      429: Problem,
      503: Problem,
    },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const changeEmail = {
  method: 'POST',
  url: '/api/v1/me/email',
  schema: {
    operationId: 'changeEmail',
    summary: 'Ask for another e-mail address',
    description: `Sends a link to the new address, good for 60 minutes; until it is confirmed nothing changes. ${SAME_FOR_ALL}`,
    tags,
    body: EmailChange,
    response: { 202: onItsWay, 400: Problem, 401: Problem, 403: Problem, 429: Problem, 503: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const confirmEmail = {
  method: 'POST',
  url: '/api/v1/auth/confirm-email',
  schema: {
    operationId: 'confirmEmail',
    summary: 'Confirm a new e-mail address by a link',
    tags,
    body: Type.Object({ token: LinkToken }, { additionalProperties: false }),
    response: { 204: Type.Null({ description: 'The address is changed' }), 400: Problem, 410: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const deleteMe = {
  method: 'POST',
  url: '/api/v1/me/deletion',
  schema: {
    operationId: 'deleteMe',
    summary: 'Delete your account',
    description:
      'Refused while a workspace would be left without an owner. What you have made in workspaces stays there.',
    tags,
    body: AccountDeletion,
    response: {
      204: Type.Null({ description: 'The account is gone' }),
      400: Problem,
      401: Problem,
      403: Problem,
      409: Problem,
      429: Problem,
      503: Problem,
    },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;
