import type { Endpoint } from '@hortus/contracts/endpoint';
import type { ErrorCode } from '@hortus/contracts/errors';
import { TOKEN_SCOPES, type TokenScope } from '@hortus/contracts/token-api';
import { ROLES, type Role } from '@hortus/contracts/workspace';
import { mayCall } from '../../api/src/services/caller-policy.ts';
import { mayWhileSuspended } from '../../api/src/workspaces/suspension-policy.ts';

/** Where a person stands to the workspace that the request is about. */
export const STANDINGS = ['own', 'foreign', 'removed'] as const;
/** `suspended`: their own, which rests. */
export type Standing = (typeof STANDINGS)[number] | 'suspended';

/** By what a caller says who they are. */
export type Credentials =
  | { readonly by: 'nothing' | 'expired access token' | 'forged access token' | 'ended session' | 'service key' | 'wrong service key' | 'token of the operator' | 'token of the worker' } // prettier-ignore
  | { readonly by: 'session'; readonly names?: 'no workspace' | 'a malformed workspace' | 'a workspace of their own' }
  | {
      readonly by: 'API token';
      readonly scopes: readonly TokenScope[];
      readonly state: 'live' | 'expired' | 'revoked';
    };

/** A column of the matrix. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly standing: Standing;
  readonly credentials: Credentials;
}

const SCOPE_SETS: readonly (readonly TokenScope[])[] = [...TOKEN_SCOPES.map((scope) => [scope]), [...TOKEN_SCOPES]];

const strangers = (
  [
    { by: 'nothing' },
    { by: 'expired access token' },
    { by: 'forged access token' },
    { by: 'ended session' },
    { by: 'service key' },
    { by: 'wrong service key' },
    { by: 'token of the operator' },
    { by: 'token of the worker' },
    { by: 'API token', scopes: TOKEN_SCOPES, state: 'expired' },
    { by: 'API token', scopes: TOKEN_SCOPES, state: 'revoked' },
  ] as const
).map((credentials): Caller => {
  const state = 'state' in credentials ? `${credentials.state} ` : '';
  return { name: `an owner with ${state}${credentials.by}`, role: 'owner', standing: 'own', credentials };
});

const people = STANDINGS.flatMap((standing) =>
  ROLES.flatMap((role): Caller[] => [
    { name: `${standing} ${role} by session`, role, standing, credentials: { by: 'session' } },
    ...SCOPE_SETS.map((scopes): Caller => ({
      name: `${standing} ${role} by API token (${scopes.join(', ')})`,
      role,
      standing,
      credentials: { by: 'API token', scopes, state: 'live' },
    })),
  ]),
);

/** Each names in the header another workspace than in the path, or none. */
const sloppy = (
  [
    ['own', 'no workspace'],
    ['own', 'a malformed workspace'],
    ['foreign', 'a workspace of their own'],
  ] as const
).map(([standing, names]): Caller => ({
  name: `${standing} owner by session who names ${names}`,
  role: 'owner',
  standing,
  credentials: { by: 'session', names },
}));

const resting: Caller = {
  name: 'an owner by session whose workspace rests',
  role: 'owner',
  standing: 'suspended',
  credentials: { by: 'session' },
};

/** The columns of the matrix; the first that is refused ends a trial of a mutant, so strangers come first. */
export const CALLERS: readonly Caller[] = [...strangers, ...people, ...sloppy, resting];

export type Outcome = 'passes' | ErrorCode;
type MetEndpoint = Pick<Endpoint, 'method' | 'config' | 'schema'>;

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

function meetMember({ credentials, standing }: Caller, { method, schema }: MetEndpoint): Outcome {
  if (credentials.by === 'API token') {
    // With the membership the tokens of a member go.
    if (credentials.state !== 'live' || standing === 'removed') return 'TOKEN_INVALID';
    if (standing === 'foreign') return 'WORKSPACE_NOT_FOUND';
    return credentials.scopes.includes(isRead(method) ? 'read' : 'write') ? 'passes' : 'SCOPE_MISSING';
  }
  if (standing === 'suspended') {
    return mayWhileSuspended(method, schema.operationId) ? 'passes' : 'WORKSPACE_SUSPENDED';
  }
  return standing === 'own' ? 'passes' : 'WORKSPACE_NOT_FOUND';
}

function meetProgram({ by }: Credentials, operationId: string): Outcome {
  if (by === 'service key') return 'passes';
  if (by !== 'token of the operator' && by !== 'token of the worker') return 'SERVICE_KEY_WRONG';
  return mayCall(by === 'token of the worker' ? 'worker' : 'operator', operationId) ? 'passes' : 'CALLER_NOT_ALLOWED';
}

/** Who is no person that is signed in; null for who is. */
function meetStranger({ credentials: { by } }: Caller): Outcome | null {
  switch (by) {
    case 'nothing':
      return 'SIGN_IN_REQUIRED';
    case 'ended session':
      return 'SESSION_ENDED';
    case 'session':
    case 'API token':
      return null;
    default:
      return 'TOKEN_INVALID';
  }
}

/** What the access of an operation makes of a caller, before anything of the request is looked at. */
export function meet(endpoint: MetEndpoint, caller: Caller): Outcome {
  const { access } = endpoint.config;
  const { credentials } = caller;
  if (access === 'public' || access === 'signed') return 'passes';
  if (access === 'service') return meetProgram(credentials, endpoint.schema.operationId);
  const stranger = meetStranger(caller);
  if (stranger !== null) return stranger;
  if (access === 'session') return credentials.by === 'session' ? 'passes' : 'TOKEN_INVALID';
  if (access === 'membership') {
    // The path names the workspace here, and the header does not matter.
    return credentials.by === 'session' ? meetMember(caller, endpoint) : 'TOKEN_INVALID';
  }
  if (credentials.by === 'session' && credentials.names === 'no workspace') return 'WORKSPACE_REQUIRED';
  if (credentials.by === 'session' && credentials.names === 'a malformed workspace') return 'REQUEST_INVALID';
  return meetMember(caller, endpoint);
}
