import { Type, type Static } from 'typebox';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './auth-api.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { IdempotencyHeaders } from './idempotency.ts';
import { Page, PageQuery } from './pagination.ts';
import { Email, Name, Text, Timestamp, Uuid } from './text.ts';
import { ROLES, Workspace, type Role } from './workspace.ts';

/** Open invitations of a workspace at the most. */
export const INVITATIONS_OPEN_MAX = 200;
/** Invitations that a workspace may mail within an hour, those that are sent again included. */
export const INVITATIONS_PER_HOUR = 50;

const InvitedRole = Type.Enum(ROLES as unknown as Role[], { description: 'What the person may do once they accept' });

export const NewInvitation = Type.Object(
  {
    email: Email('Whom to invite; upper and lower case are the same'),
    role: InvitedRole,
  },
  { additionalProperties: false },
);
export type NewInvitation = Static<typeof NewInvitation>;

export const Invitation = Type.Object(
  {
    id: Uuid('Identifies the invitation'),
    email: Type.String({ description: 'Whom the workspace has invited' }),
    role: InvitedRole,
    inviterName: Type.String({ description: 'Who sent it, by the name of that time' }),
    sentAt: Timestamp('When it was last mailed'),
    expiresAt: Timestamp('From when on it can no longer be accepted, unless it is sent again'),
  },
  { description: 'An invitation that nobody has accepted or withdrawn' },
);
export type Invitation = Static<typeof Invitation>;

/** An invitation as the person sees it who got it. */
export const ReceivedInvitation = Type.Object(
  { ...Invitation.properties, workspaceName: Type.String({ description: 'The name of the workspace' }) },
  { description: 'An invitation that you have got' },
);
export type ReceivedInvitation = Static<typeof ReceivedInvitation>;

export const INVITATION_TOKEN_LENGTH = 64;

const token = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'What stands behind `#` in the address that was mailed',
});
export const InvitationToken = Type.Object({ token }, { additionalProperties: false });
export type InvitationToken = Static<typeof InvitationToken>;

export const FoundInvitation = Type.Object(
  {
    ...ReceivedInvitation.properties,
    hasAccount: Type.Boolean({
      description: 'Whether the address has an account: sign in and accept, or else register',
    }),
  },
  { description: 'The invitation that a mailed address is about' },
);

export const InvitedPerson = Type.Object(
  {
    token,
    displayName: Name({ maxLength: 100, description: 'The name that others see, 1 to 100 characters, one line' }),
    password: Text({
      minLength: PASSWORD_LENGTH_MIN,
      maxLength: PASSWORD_LENGTH_MAX,
      description: 'The password that you want, 8 to 128 characters of any kind; common ones are refused',
    }),
  },
  { additionalProperties: false },
);
export type InvitedPerson = Static<typeof InvitedPerson>;

const tags = ['Invitations'];
const params = Type.Object({ workspaceId: Uuid('The workspace') }, { additionalProperties: false });
const invitationParams = Type.Object(
  { workspaceId: Uuid('The workspace'), invitationId: Uuid('The invitation') },
  { additionalProperties: false },
);
const ownParams = Type.Object({ invitationId: Uuid('The invitation') }, { additionalProperties: false });
const denied = { 400: Problem, 401: Problem, 404: Problem } as const;

export const createInvitation = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/invitations',
  schema: {
    operationId: 'createInvitation',
    summary: 'Invite somebody by mail, with an account or without',
    description:
      'Owners invite as anything, admins as `admin` and `member`. The mailed address works once, and only for this e-mail ' +
      'address. The answer is the same whether or not the address has an account.',
    tags,
    params,
    headers: IdempotencyHeaders,
    body: NewInvitation,
    response: { 201: Invitation, ...denied, 403: Problem, 409: Problem, 422: Problem, 429: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const listInvitations = {
  method: 'GET',
  url: '/api/v1/workspaces/:workspaceId/invitations',
  schema: {
    operationId: 'listInvitations',
    summary:
      'The open invitations of the workspace, newest first; expired ones stay until they are sent again or withdrawn',
    description: 'For owners and admins.',
    tags,
    params,
    querystring: PageQuery,
    response: { 200: Page(Invitation), ...denied, 403: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const resendInvitation = {
  method: 'POST',
  url: '/api/v1/workspaces/:workspaceId/invitations/:invitationId/resend',
  schema: {
    operationId: 'resendInvitation',
    summary: 'Mail an invitation again, under a new address and with a new term',
    description: 'For those who could send it first. The address that was mailed before no longer works.',
    tags,
    params: invitationParams,
    response: { 200: Invitation, ...denied, 403: Problem, 429: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const revokeInvitation = {
  method: 'DELETE',
  url: '/api/v1/workspaces/:workspaceId/invitations/:invitationId',
  schema: {
    operationId: 'revokeInvitation',
    summary: 'Withdraw an invitation',
    description: 'For those who could send it.',
    tags,
    params: invitationParams,
    response: { 204: Type.Null({ description: 'It is withdrawn' }), ...denied, 403: Problem },
  },
  config: { access: 'membership' },
} as const satisfies Endpoint;

export const listMyInvitations = {
  method: 'GET',
  url: '/api/v1/me/invitations',
  schema: {
    operationId: 'listMyInvitations',
    summary: 'The invitations that you have got and may accept, newest first',
    tags,
    querystring: PageQuery,
    response: { 200: Page(ReceivedInvitation), 400: Problem, 401: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const acceptMyInvitation = {
  method: 'POST',
  url: '/api/v1/me/invitations/:invitationId/accept',
  schema: {
    operationId: 'acceptMyInvitation',
    summary: 'Accept an invitation that you have got',
    tags,
    params: ownParams,
    response: { 200: Workspace, ...denied, 409: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const declineMyInvitation = {
  method: 'DELETE',
  url: '/api/v1/me/invitations/:invitationId',
  schema: {
    operationId: 'declineMyInvitation',
    summary: 'Decline an invitation that you have got',
    tags,
    params: ownParams,
    response: { 204: Type.Null({ description: 'It is gone' }), ...denied },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const findInvitation = {
  method: 'POST',
  url: '/api/v1/invitations/find',
  schema: {
    operationId: 'findInvitation',
    summary: 'What a mailed address invites to',
    description: 'The same answer for one that was used, was withdrawn, has expired or never was.',
    tags,
    body: InvitationToken,
    response: { 200: FoundInvitation, 400: Problem, 404: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;

export const acceptInvitation = {
  method: 'POST',
  url: '/api/v1/invitations/accept',
  schema: {
    operationId: 'acceptInvitation',
    summary: 'Accept the invitation of a mailed address as whom you are signed in',
    tags,
    body: InvitationToken,
    response: { 200: Workspace, ...denied, 403: Problem, 409: Problem, 429: Problem },
  },
  config: { access: 'session' },
} as const satisfies Endpoint;

export const registerInvited = {
  method: 'POST',
  url: '/api/v1/invitations/register',
  schema: {
    operationId: 'registerInvited',
    summary: 'Make an account by an invitation and accept it, in one step',
    description: 'The mailed address proves the e-mail address, so nothing is left to verify: sign in next.',
    tags,
    body: InvitedPerson,
    response: { 201: Workspace, 400: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem },
  },
  config: { access: 'public' },
} as const satisfies Endpoint;
