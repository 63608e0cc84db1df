import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@hortus/contracts/errors';
import { REFRESH_COOKIE } from '@hortus/contracts/auth-api';
import { TUS_MEDIA_TYPE } from '@hortus/contracts/upload-api';
import type { Role } from '@hortus/contracts/workspace';
import { createAddressSigner } from '../../api/src/delivery/address-signer.ts';
import { deriveKeys } from '../../api/src/auth/keys.ts';
import { decide, decideOwners } from '../../api/src/workspaces/workspace-policy.ts';
import { TEST_SECRET_KEY } from '../test/fixtures/api.ts';
import { TEST_PASSWORD } from '../test/fixtures/people.ts';
import type { Asked } from './call.ts';
import type { Person } from './places.ts';
import { newEmail, pictureOf, type Things } from './things.ts';

export interface RequestSample {
  /** Where an operation has several. */
  readonly title?: string;
  /** A request that is done for a caller whom nothing keeps from it; ids come from `things` and from `who` only. */
  ask(things: Things, who: Person): Asked | Promise<Asked>;
  /** What the policy says to a member of this role; null, and so by default, where it is allowed. */
  decide?(role: Role): ErrorCode | null;
  /** Where it is refused for everybody whom the access lets in. */
  readonly refused?: ErrorCode;
  /** The request carries the session itself, as a cookie. */
  readonly isBySession?: boolean;
  /** The caller is the only member of the workspace. */
  readonly isAlone?: boolean;
}

type Ask = RequestSample['ask'];

const sample = (ask: Ask, more: Omit<RequestSample, 'ask'> = {}): RequestSample => ({ ask, ...more });
const anyRevision = { 'if-match': '*' };
const cookieOf = (who: Person) => ({ cookie: `${REFRESH_COOKIE}=${who.refreshToken}` });
const otherOrigin = { origin: 'https://elsewhere.test' };
const signer = createAddressSigner(deriveKeys(TEST_SECRET_KEY).address);

const ofArtifact = (
  more: Omit<Asked, 'params'> = {},
  kind: 'artifact' | 'picture' | 'gardened' | 'trashed' = 'artifact',
): Ask => {
  return async ({ make }) => ({ ...more, params: { id: await make(kind) } });
};
const ofVersion = (body: object): Ask => {
  return async ({ workspaceId, make }) => ({
    params: { workspaceId, artifactId: await make('picture'), version: '1' },
    body,
  });
};
const ofWorkspace = (more: Omit<Asked, 'params'> = {}): Ask => {
  return ({ workspaceId }) => ({ ...more, params: { workspaceId } });
};
const ofMember = (kind: 'member' | 'owner', body?: object): Ask => {
  return async ({ workspaceId, make }) => ({
    params: { workspaceId, userId: await make(kind) },
    ...(body === undefined ? {} : { body }),
  });
};
const ofInvitation: Ask = async ({ workspaceId, make }) => ({
  params: { workspaceId, invitationId: await make('invitation') },
});
const ofApiToken = (kind: 'apiToken' | 'ownApiToken'): Ask => {
  return async ({ workspaceId, make }) => ({ params: { workspaceId, tokenId: await make(kind) } });
};
const ofItems = (kind: 'artifact' | 'trashed', more: object = {}): Ask => {
  return async ({ make }) => ({ body: { items: [{ id: await make(kind) }], ...more } });
};
const ofOwnVersion = (headers: Record<string, string> = {}): Ask => {
  return async ({ make }) => ({ params: { id: await make('picture'), version: '1' }, headers });
};
const ofRemoval = (body?: object): Ask => {
  return async ({ make }) => ({
    params: { workspaceId: await make('removal') },
    ...(body === undefined ? {} : { body }),
  });
};
const TUS = { 'tus-resumable': '1.0.0' };
const ofBytes = (kind: 'upload' | 'uploadOfAnySize', bytes: string, headers: Record<string, string> = {}): Ask => {
  return async ({ make }) => ({
    params: { id: await make(kind) },
    headers: { ...TUS, 'upload-offset': '0', 'content-type': TUS_MEDIA_TYPE, ...headers },
    body: Buffer.from(bytes),
  });
};
const ofUpload = (headers: Record<string, string>): Ask => {
  return async ({ make }) => ({ params: { id: await make('upload') }, headers });
};
const ofSelf = (body?: object): Ask => {
  return ({ workspaceId }, { id }) => ({
    params: { workspaceId, userId: id },
    ...(body === undefined ? {} : { body }),
  });
};
const credentialOf = (response: object) => ({
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  clientExtensionResults: {},
  response: { clientDataJSON: 'AAAA', ...response },
});
const assertion = { authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA' };
const queryOf = (url: string) => Object.fromEntries(new URL(url, 'http://localhost').searchParams);

const placeholder = { thumbhash: 'thumbhash', dominantColor: '#123456' };
const demoOriginal = { contentType: 'image/jpeg', sizeBytes: 1, sha256: 'a'.repeat(64) };

/** For each operation requests that are done. A new operation needs an entry. */
export const REQUEST_SAMPLES: Readonly<Record<string, readonly RequestSample[]>> = {
  getHealth: [sample(() => ({}))],

  login: [
    sample((_, { email, password }) => ({ body: { email, password } })),
    sample((_, { email }) => ({ body: { email, password: 'a wrong password' } }), { title: 'wrong', refused: 'CREDENTIALS_WRONG' }), // prettier-ignore
    sample(async ({ make }) => ({ body: { email: await make('email'), password: 'a wrong password' } }), { title: 'another person', refused: 'CREDENTIALS_WRONG' }), // prettier-ignore
    sample((_, { email, password }) => ({ body: { email, password }, headers: otherOrigin }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }), // prettier-ignore
  ],
  refresh: [
    sample((_, who) => ({ headers: cookieOf(who) }), { isBySession: true }),
    sample((_, who) => ({ headers: { ...cookieOf(who), ...otherOrigin } }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }), // prettier-ignore
    sample(() => ({}), { title: 'no cookie', refused: 'SESSION_ENDED' }),
  ],
  logout: [
    sample((_, who) => ({ headers: cookieOf(who) })),
    sample((_, who) => ({ headers: { ...cookieOf(who), ...otherOrigin } }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }), // prettier-ignore
  ],
  logoutEverywhere: [sample(() => ({ body: { exceptCurrent: true } }))],
  getMe: [sample(() => ({}))],
  updateMe: [sample(() => ({ body: { displayName: 'Another name' } }))],
  changePassword: [
    sample((_, { password }) => ({ body: { currentPassword: password, newPassword: 'quite another passphrase' } })),
    sample(() => ({ body: { currentPassword: 'a wrong password', newPassword: 'quite another passphrase' } }), { title: 'wrong', refused: 'PASSWORD_WRONG' }), // prettier-ignore
  ],
  listSessions: [sample(() => ({}))],
  endSession: [sample(async ({ make }) => ({ params: { sessionId: await make('session') } }))],

  getRegistration: [sample(() => ({}))],
  register: [
    sample(() => ({ body: { email: newEmail('sample'), password: 'quite another passphrase', displayName: 'New' } })),
  ],
  resendVerification: [sample(async ({ make }) => ({ body: { email: await make('email') } }))],
  verifyEmail: [
    sample(async ({ make }) => ({ body: { token: await make('registrationToken'), password: TEST_PASSWORD } })),
    sample((_, { password }) => ({ body: { token: 'nonsense', password } }), { title: 'nonsense', refused: 'LINK_INVALID' }), // prettier-ignore
  ],
  forgotPassword: [sample(async ({ make }) => ({ body: { email: await make('email') } }))],
  resetPassword: [
    sample(async ({ make }) => ({
      body: { token: await make('resetToken'), newPassword: 'quite another passphrase' },
    })),
  ],
  changeEmail: [sample((_, { password }) => ({ body: { email: newEmail('sample'), currentPassword: password } }))],
  confirmEmail: [sample(async ({ make }) => ({ body: { token: await make('newAddressToken') } }))],
  deleteMe: [
    sample((_, { password }) => ({ body: { currentPassword: password } })),
    sample(() => ({ body: { currentPassword: 'a wrong password' } }), { title: 'wrong', refused: 'PASSWORD_WRONG' }),
  ],

  // Nobody has a challenge, a code or a provider here: their own specs go that way to its end.
  finishLogin: [
    sample(() => ({ body: { challenge: 'nonsense', code: '123456' } }), { refused: 'CHALLENGE_INVALID' }),
    sample(() => ({ body: { challenge: 'x', code: '123456' }, headers: otherOrigin }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }), // prettier-ignore
  ],
  getFactors: [sample(() => ({}))],
  setUpTotp: [
    sample((_, { password }) => ({ body: { password } })),
    sample(() => ({ body: { password: 'a wrong password' } }), { title: 'wrong', refused: 'PASSWORD_WRONG' }),
  ],
  confirmTotp: [sample(() => ({ body: { code: '123456' } }), { refused: 'TOTP_OFF' })],
  disableTotp: [sample((_, { password }) => ({ body: { password, code: '123456' } }), { refused: 'TOTP_OFF' })],
  renewRecoveryCodes: [sample((_, { password }) => ({ body: { password, code: '123456' } }), { refused: 'TOTP_OFF' })],
  beginPasskey: [sample((_, { password }) => ({ body: { password } }))],
  registerPasskey: [
    sample(() => ({ body: { name: 'A passkey', credential: credentialOf({ attestationObject: '' }) } }), { refused: 'CHALLENGE_INVALID' }), // prettier-ignore
  ],
  listPasskeys: [sample(() => ({}))],
  renamePasskey: [
    sample(async ({ make }) => ({ params: { passkeyId: await make('passkey') }, body: { name: 'Another name' } })),
  ],
  deletePasskey: [sample(async ({ make }) => ({ params: { passkeyId: await make('passkey') } }))],
  beginPasskeyLogin: [
    sample(() => ({})),
    sample(() => ({ headers: otherOrigin }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }),
  ],
  passkeyLogin: [
    sample(() => ({ body: { credential: credentialOf(assertion) } }), { refused: 'CHALLENGE_INVALID' }),
    sample(() => ({ body: { credential: credentialOf(assertion) }, headers: otherOrigin }), { title: 'elsewhere', refused: 'ORIGIN_NOT_ALLOWED' }), // prettier-ignore
  ],
  getSignInMethods: [sample(() => ({}))],
  beginOpenIdLogin: [sample(() => ({}), { refused: 'NOT_FOUND' })],
  finishOpenIdLogin: [sample(() => ({ query: { code: 'code', state: 'state' } }))],
  linkIdentity: [sample((_, { password }) => ({ body: { password } }), { refused: 'NOT_FOUND' })],
  listIdentities: [sample(() => ({}))],
  unlinkIdentity: [sample(async ({ make }) => ({ params: { identityId: await make('identity') } }))],

  createWorkspace: [sample(() => ({ body: { name: 'A workspace', slug: `w-${randomUUID()}` } }))],
  listWorkspaces: [sample(() => ({})), sample(() => ({ query: { deleted: 'true' } }), { title: 'deleted' })],
  getWorkspace: [
    sample(ofWorkspace()),
    sample(() => ({ params: { workspaceId: 'malformed' } }), { title: 'malformed', refused: 'REQUEST_INVALID' }),
  ],
  updateWorkspace: [
    sample(ofWorkspace({ body: { name: 'Another name' }, headers: anyRevision }), {
      decide: (actor) => decide('renameWorkspace', actor),
    }),
  ],
  deleteWorkspace: [
    sample(ofWorkspace({ headers: anyRevision }), {
      isAlone: true,
      decide: (actor) => decide('deleteWorkspace', actor),
    }),
  ],
  restoreWorkspace: [
    sample(async ({ make }) => ({ params: { workspaceId: await make('deletedWorkspace') } })),
    // For whoever may not, it is deleted.
    ...(['workspaceDeletedOfAdmin', 'workspaceDeletedOfMember'] as const).map((kind) =>
      sample(async ({ make }) => ({ params: { workspaceId: await make(kind) } }), {
        title: kind,
        refused: 'WORKSPACE_NOT_FOUND',
      }),
    ),
  ],
  switchWorkspace: [sample(ofWorkspace())],
  leaveWorkspace: [
    sample(ofWorkspace()),
    sample(ofWorkspace(), {
      title: 'the last owner',
      isAlone: true,
      decide: (from) => decideOwners({ from, to: null, owners: 1 }),
    }),
  ],
  transferWorkspace: [
    sample(async ({ workspaceId, make }) => ({ params: { workspaceId }, body: { userId: await make('member') } }), {
      decide: (actor) => decide('transferWorkspace', actor),
    }),
  ],
  getUsage: [sample(ofWorkspace())],
  putQuota: [sample(ofWorkspace({ body: { bytesMax: null, artifactsMax: null } }))],
  listMembers: [sample(ofWorkspace({ query: { limit: '2' } }))],
  updateMember: [
    sample(ofMember('member', { role: 'admin' }), {
      decide: (actor) => decide('takeRole', actor, { role: 'member' }) ?? decide('giveRole', actor, { role: 'admin' }),
    }),
    sample(ofMember('member', { role: 'owner' }), {
      title: 'to owner',
      decide: (actor) => decide('takeRole', actor, { role: 'member' }) ?? decide('giveRole', actor, { role: 'owner' }),
    }),
    sample(ofMember('owner', { role: 'member' }), {
      title: 'from owner',
      decide: (actor) => decide('takeRole', actor, { role: 'owner' }) ?? decide('giveRole', actor, { role: 'member' }),
    }),
    sample(ofSelf({ role: 'member' }), {
      title: 'the last owner',
      isAlone: true,
      decide: (actor) =>
        decide('takeRole', actor, { role: actor }) ??
        decide('giveRole', actor, { role: 'member' }) ??
        decideOwners({ from: actor, to: 'member', owners: 1 }),
    }),
  ],
  removeMember: [
    sample(ofMember('member'), { decide: (actor) => decide('removeMember', actor, { role: 'member' }) }),
    sample(ofMember('owner'), {
      title: 'an owner',
      decide: (actor) => decide('removeMember', actor, { role: 'owner' }),
    }),
    sample(ofSelf(), {
      title: 'the last owner',
      isAlone: true,
      decide: (from) => decideOwners({ from, to: null, owners: 1 }),
    }),
  ],

  createInvitation: (['member', 'owner'] as const).map((role) =>
    sample(async ({ workspaceId, make }) => ({ params: { workspaceId }, body: { email: await make('email'), role } }), {
      title: role,
      decide: (actor) => decide('invite', actor, { role }),
    }),
  ),
  listInvitations: [sample(ofWorkspace(), { decide: (actor) => decide('seeInvitations', actor) })],
  resendInvitation: [
    sample(ofInvitation, { decide: (actor) => decide('invite', actor, { role: 'member' }) }),
    sample(
      async ({ workspaceId, make }) => ({ params: { workspaceId, invitationId: await make('ownerInvitation') } }),
      { title: 'as owner', decide: (actor) => decide('invite', actor, { role: 'owner' }) },
    ),
    // Whoever may see none is not told which there are.
    sample(({ workspaceId }) => ({ params: { workspaceId, invitationId: randomUUID() } }), {
      title: 'that never was',
      decide: (actor) => decide('seeInvitations', actor) ?? 'INVITATION_NOT_FOUND',
    }),
  ],
  revokeInvitation: [sample(ofInvitation, { decide: (actor) => decide('invite', actor, { role: 'member' }) })],
  listMyInvitations: [sample(() => ({}))],
  acceptMyInvitation: [sample(async ({ make }) => ({ params: { invitationId: await make('receivedInvitation') } }))],
  declineMyInvitation: [sample(async ({ make }) => ({ params: { invitationId: await make('receivedInvitation') } }))],
  findInvitation: [sample(async ({ make }) => ({ body: { token: await make('receivedToken') } }))],
  acceptInvitation: [
    sample(async ({ make }) => ({ body: { token: await make('receivedToken') } })),
    sample(async ({ make }) => ({ body: { token: await make('newcomerToken') } }), { title: 'for another', refused: 'INVITATION_FOR_ANOTHER' }), // prettier-ignore
  ],
  registerInvited: [
    sample(async ({ make }) => ({
      body: { token: await make('newcomerToken'), displayName: 'A newcomer', password: 'quite another passphrase' },
    })),
  ],

  createApiToken: [
    sample(ofWorkspace({ body: { name: 'A token', scopes: ['read'], expiresInDays: 1 } }), {
      decide: (actor) => decide('createToken', actor),
    }),
  ],
  listApiTokens: [sample(ofWorkspace({ query: { limit: '2' } }))],
  revokeApiToken: [
    sample(ofApiToken('ownApiToken')),
    sample(ofApiToken('apiToken'), {
      title: 'of an owner',
      // To a member the tokens of others are not there.
      decide: (actor) =>
        decide('seeToken', actor) === null ? decide('revokeToken', actor, { role: 'owner' }) : 'API_TOKEN_NOT_FOUND',
    }),
  ],
  listAudit: [sample(() => ({ query: { limit: '2' } }), { decide: (actor) => decide('seeAudit', actor) })],

  createArtifact: [
    sample(() => ({ body: { name: 'An artifact', tags: ['tag'] } })),
    sample(async ({ make }) => ({ body: { name: 'An artifact' }, headers: { 'idempotency-key': await make('idempotencyKey') } }), { title: 'a key of somebody else' }), // prettier-ignore
  ],
  listArtifacts: [
    sample(() => ({ query: { limit: '2', count: 'true' } })),
    sample(() => ({ query: { query: 'artifact', sort: 'relevance', limit: '2' } }), { title: 'query' }),
    sample(() => ({ query: { query: 'artifact', sort: 'name', limit: '2' } }), { title: 'query by name' }),
    sample(async ({ make }) => ({ query: { tag: await make('tag'), sort: 'name' } }), { title: 'tag' }),
  ],
  getFacets: [sample(() => ({})), sample(() => ({ query: { query: 'artifact' } }), { title: 'query' })],
  getArtifact: [sample(ofArtifact())],
  updateArtifact: [
    sample(ofArtifact({ body: { name: 'Another name', tags: ['another tag'] }, headers: anyRevision })),
    sample(ofArtifact({ body: { name: 'Another name' }, headers: { 'if-match': '"0"' } }), { title: 'stale', refused: 'REVISION_STALE' }), // prettier-ignore
  ],
  replaceArtifact: [
    sample(ofArtifact({ body: { name: 'A new name', description: '', tags: [], metadata: {} }, headers: anyRevision })),
  ],
  deleteArtifact: [sample(ofArtifact({ headers: anyRevision }))],
  putOriginal: [sample(ofArtifact({ body: pictureOf('sample'), headers: { 'content-type': 'image/jpeg' } }))],
  getOriginal: [sample(ofArtifact({}, 'picture'))],
  getManifest: [sample(ofArtifact({}, 'gardened'))],
  tagArtifacts: [sample(ofItems('artifact', { add: ['another tag'] }))],
  trashArtifacts: [sample(ofItems('artifact'))],
  restoreArtifacts: [sample(ofItems('trashed'))],
  createZipAddress: [sample(async ({ make }) => ({ body: { ids: [await make('picture')] } }))],
  getZip: [
    sample(async ({ make }) => ({ query: queryOf(await make('zipAddress')) })),
    sample(async ({ make }) => ({ query: { ...queryOf(await make('zipAddress')), signature: 'A'.repeat(24) } }), { title: 'not signed', refused: 'ADDRESS_NOT_SIGNED' }), // prettier-ignore
  ],
  listTrash: [sample(() => ({ query: { limit: '2' } }))],
  restoreArtifact: [sample(ofArtifact({}, 'trashed'))],
  emptyTrash: [sample(() => ({}), { decide: (actor) => decide('purgeArtifact', actor) })],
  purgeArtifact: [
    sample(ofArtifact({ headers: anyRevision }, 'trashed'), { decide: (actor) => decide('purgeArtifact', actor) }),
  ],
  listVersions: [sample(ofArtifact({}, 'picture'))],
  getVersionOriginal: [sample(ofOwnVersion())],
  restoreVersion: [sample(ofOwnVersion())],
  createShareLink: [
    sample(async ({ make }) => ({ body: { artifactIds: [await make('artifact')], expiresInDays: 1 } })),
  ],
  listShareLinks: [sample(() => ({})), sample(async ({ make }) => ({ query: { artifact: await make('artifact') } }), { title: 'of an artifact' })], // prettier-ignore
  revokeShareLink: [sample(async ({ make }) => ({ params: { id: await make('share') } }))],
  getShare: [sample(async ({ make }) => ({ params: { token: await make('shareToken') } }))],
  getSharedOriginal: [
    sample(async ({ make }) => {
      const [token = '', id = ''] = (await make('sharedOriginal')).split(' ');
      return { params: { token, id } };
    }),
  ],
  listTags: [sample(() => ({}))],
  renameTag: [sample(async ({ make }) => ({ params: { tag: await make('tag') }, body: { name: 'another tag' } }))],
  streamEvents: [sample(() => ({ headers: { 'last-event-id': '0' } }))],

  getUploadOptions: [sample(() => ({}))],
  createUpload: [sample(() => ({ headers: { ...TUS, 'upload-length': '4' } }))],
  getUploadOffset: [sample(ofUpload(TUS))],
  appendUpload: [
    ...['four', 'tw'].map((bytes) =>
      sample(ofBytes('upload', bytes), { title: bytes === 'four' ? 'all of it' : 'a part' }),
    ),
    sample(ofBytes('uploadOfAnySize', 'four', { 'upload-length': '4' }), { title: 'its size told late' }),
  ],
  deleteUpload: [sample(ofUpload(TUS))],

  getVariant: [
    sample(async ({ workspaceId, make }) => {
      const fileName = await make('variantFile');
      return { params: { workspaceId, fileName }, query: queryOf(signer.sign(`/assets/${workspaceId}/${fileName}`)) };
    }),
    sample(
      async ({ workspaceId, make }) => ({
        params: { workspaceId, fileName: await make('variantFile') },
        query: { expires: '9999999999', signature: 'AAAAAAAAAAAAAAAAAAAAAAAA' },
      }),
      { title: 'not signed', refused: 'ADDRESS_NOT_SIGNED' },
    ),
  ],

  recordInspection: [sample(ofVersion({ widthPx: 640, heightPx: 400, placeholder, expectedVariants: 1 }))],
  recordVariants: [
    sample(async ({ workspaceId, make }) => {
      const variant = { format: 'webp', widthPx: 320, heightPx: 200, sizeBytes: 1, hash: await make('storedVariant') };
      return {
        params: { workspaceId, artifactId: await make('picture'), version: '1' },
        body: { variants: [variant], dropped: [] },
      };
    }),
  ],
  recordOutcome: [sample(ofVersion({ failure: null }))],
  purgeTrash: [sample(() => ({ body: { after: null } }))],
  beginRemoval: [sample(ofRemoval())],
  removeRows: [sample(ofRemoval())],
  finishRemoval: [sample(ofRemoval({ objects: 0, objectBytes: 0, stoppedRuns: 0, removedRuns: 0 }))],
  listRemovals: [sample(() => ({}))],
  putDemo: [sample(() => ({ body: { besideOthers: true } }))],
  listDemoKeys: [sample(async ({ make }) => ({ params: { workspaceId: await make('demoWorkspace') } }))],
  putDemoArtifact: [
    sample(async ({ make }) => ({
      params: { workspaceId: await make('demoWorkspace') },
      body: { key: randomUUID(), artifact: { name: 'Of the demo' }, original: demoOriginal },
    })),
  ],
  deleteDemo: [sample(() => ({}))],
};
