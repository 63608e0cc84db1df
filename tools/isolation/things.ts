import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Artifact } from '@hortus/contracts/artifact';
import type { CreatedShareLink } from '@hortus/contracts/share-api';
import type { CreatedApiToken } from '@hortus/contracts/token-api';
import type { Role } from '@hortus/contracts/workspace';
import { withScope, withWorkspace } from '../../api/src/db/scope.ts';
import { insertInvitation } from '../../api/src/invitations/invitation-repo.ts';
import { INVITATION_START } from '../../api/src/invitations/invitation-service.ts';
import { insertIdentity } from '../../api/src/open-id/identity-repo.ts';
import { insertPasskey } from '../../api/src/passkeys/passkey-repo.ts';
import { makeApiToken } from '../../api/src/tokens/api-token.ts';
import { insertApiToken } from '../../api/src/tokens/api-token-repo.ts';
import { makeWorkspaceSecret } from '../../api/src/tokens/workspace-secret.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { TestApi } from '../test/fixtures/api.ts';
import { readWaitingMails, tokenIn } from '../test/fixtures/mails.ts';
import { TEST_PASSWORD } from '../test/fixtures/people.ts';
import { freshAddress } from './call.ts';
import { createPerson, join, plantPlace, type Person, type Place } from './places.ts';

/** How one kind of thing is made, with the label of its place in every text that it has. */
export interface Thing {
  /** @returns what a request names it by */
  readonly make: (place: Place, person: Person) => Promise<string>;
  /** What a request would name one by that is not there. */
  readonly never: () => string;
  /** Whoever has it may use it, whatever they belong to; or it belongs to no workspace. */
  readonly isAnybodys?: true;
  /** It is the person's for whom it was made, and nobody else's. */
  readonly isPersons?: true;
}

/** Tells the sniffer that it is a picture; nobody decodes it here. */
const PICTURE_HEAD = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
export const VARIANT_WIDTH_PX = 320;
const DEMO_TIMEOUT_MS = 30_000;

export function pictureOf(label: string): Buffer {
  return Buffer.concat([PICTURE_HEAD, Buffer.from(`${label} ${randomUUID()}`)]);
}

async function makeArtifact(
  { ask, label }: Place,
  { tag = `${label} tag`, key = `${label}-${randomUUID()}` }: { tag?: string; key?: string } = {},
): Promise<Artifact> {
  return ask<Artifact>({
    method: 'POST',
    url: '/api/v1/artifacts',
    headers: { 'idempotency-key': key },
    payload: {
      name: `${label} artifact`,
      description: `${label} description`,
      tags: [tag, `${label} other tag`],
      metadata: { [`${label} fact`]: `${label} value` },
    },
  });
}

async function makePicture(place: Place): Promise<Artifact> {
  const { id } = await makeArtifact(place);
  return place.ask<Artifact>({
    method: 'PUT',
    url: `/api/v1/artifacts/${id}/original`,
    headers: { 'content-type': 'image/jpeg' },
    payload: pictureOf(place.label),
  });
}

const fileNameOf = (hash: string) => `${hash}-${String(VARIANT_WIDTH_PX)}.webp`;

/** Bytes in the object store, of which no row speaks yet. */
async function storeVariant({ api, label, workspaceId }: Place): Promise<{ hash: string; sizeBytes: number }> {
  const bytes = pictureOf(label);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const staged = await api.store.stage(Readable.from([bytes]), { sizeBytesMax: bytes.length });
  await staged.commit(`${workspaceId}/variants/${fileNameOf(hash)}`);
  return { hash, sizeBytes: bytes.length };
}

/** A picture with a variant that stands in the object store. */
async function makeGardened(place: Place): Promise<{ id: string; fileName: string }> {
  const { api, label, workspaceId } = place;
  const { id } = await makePicture(place);
  const { hash, sizeBytes } = await storeVariant(place);
  const url = `/internal/v1/workspaces/${workspaceId}/artifacts/${id}/versions/1`;
  const size = { heightPx: 200, sizeBytes };
  const placeholder = { thumbhash: `${label}-thumbhash`, dominantColor: '#123456' };
  const inspection = { widthPx: 640, heightPx: 400, expectedVariants: 2, placeholder };
  await api.asService({ method: 'PUT', url: `${url}/inspection`, payload: inspection });
  const recorded = await api.asService({
    method: 'POST',
    url: `${url}/variants`,
    payload: {
      variants: [{ format: 'webp', widthPx: VARIANT_WIDTH_PX, hash, ...size }],
      dropped: [{ format: 'avif', widthPx: VARIANT_WIDTH_PX, sizeBytes: 1, reason: `${label} reason` }],
    },
  });
  if (recorded.statusCode !== 204) throw new Error(recorded.body);
  return { id, fileName: fileNameOf(hash) };
}

async function makeMember(place: Place, role: 'owner' | 'admin' | 'member'): Promise<string> {
  const { id } = await createPerson(place.api, place.label);
  await join(place.api, place.workspaceId, id, role);
  return id;
}

const thing = (make: Thing['make'], never: Thing['never'] = randomUUID): Thing => ({ make, never });
const secret = (make: Thing['make']): Thing => ({ make, never: randomUUID, isAnybodys: true });
const own = (make: Thing['make'], never: Thing['never'] = randomUUID): Thing => ({ make, never, isPersons: true });
const trash = (id: string) =>
  ({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } }) as const;

async function makeTrashed(place: Place): Promise<string> {
  const { id } = await makePicture(place);
  await place.ask(trash(id));
  return id;
}

/** Not by a request, since a workspace mails only so many in an hour; so the token is known without the mail. */
async function invite(place: Place, email: string, role: Role = 'member'): Promise<{ id: string; token: string }> {
  const { api, workspaceId, owner, label } = place;
  const { text: token, sha256 } = makeWorkspaceSecret(INVITATION_START, workspaceId);
  const sending = { workspaceId, invitedBy: owner.id, inviterName: label, sha256 };
  const { id } = await withWorkspace(api.knex, workspaceId, (tx) => insertInvitation(tx, sending, { email, role }, 1));
  return { id, token };
}

export const newEmail = (label: string) => `${label}-${randomUUID()}@people.test`.toLowerCase();

async function readToken({ database }: TestApi, email: string): Promise<string> {
  const mail = (await readWaitingMails(database, email)).at(-1);
  if (mail === undefined) throw new Error(`no mail waits for ${email}`);
  return tokenIn(mail);
}

/** An upload is its person's, who may not be a member yet. */
async function personHeaders(
  { api, workspaceId }: Place,
  { id, accessToken }: Person,
): Promise<Record<string, string>> {
  await join(api, workspaceId, id, 'member');
  return { authorization: `Bearer ${accessToken}`, 'hortus-workspace': workspaceId };
}

async function beginUpload(place: Place, person: Person, size: Record<string, string>): Promise<string> {
  const answer = await place.api.app.inject({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: {
      ...(await personHeaders(place, person)),
      ...size,
      'tus-resumable': '1.0.0',
      'upload-metadata': `filename ${Buffer.from(`${place.label} file`).toString('base64')}`,
    },
  });
  return String(answer.headers.location).split('/').at(-1) ?? '';
}

/** Of a workspace that the person does not belong to yet. */
async function inviteFromElsewhere(place: Place, person: Person): Promise<{ id: string; token: string }> {
  return invite(await plantPlace(place.api, place.label), person.email);
}

async function makeDeleted({ api, label }: Place, person: Person, role: Role): Promise<string> {
  const place = await plantPlace(api, label);
  const { workspaceId } = place;
  await join(api, workspaceId, person.id, role);
  await place.ask({ method: 'DELETE', url: `/api/v1/workspaces/${workspaceId}`, headers: { 'if-match': '*' } });
  return workspaceId;
}

/** One whose time of grace is over, and whose removal has begun. */
async function makeRemoval(place: Place): Promise<string> {
  const { api } = place;
  const id = await makeDeleted(place, await createPerson(api, place.label), 'member');
  await api.database.query(`update workspaces set removed_from = now() where id = $1`, [id]);
  await api.asService({ method: 'POST', url: `/internal/v1/workspaces/${id}/removal` });
  return id;
}

/** The resource by which the things here are declared. */
export const DECLARING_RESOURCE = 'declaring';

/** A workspace that a resource declares. */
async function makeDeclared({ api, label }: Place): Promise<string> {
  const id = randomUUID();
  const { email } = await createPerson(api, label);
  const declaration = {
    resource: DECLARING_RESOURCE,
    manager: label,
    slug: `declared-${id}`,
    quota: {},
    isSuspended: false,
  };
  const payload = { ...declaration, members: [{ email, role: 'owner' }] };
  const made = await api.asService({ method: 'PUT', url: `/internal/v1/workspaces/${id}/declaration`, payload });
  if (made.statusCode !== 200) throw new Error(made.body);
  return id;
}

async function makeShare(place: Place): Promise<{ id: string; token: string; artifactId: string }> {
  const { id: artifactId } = await makeGardened(place);
  const payload = { artifactIds: [artifactId], expiresInDays: 7, withOriginals: true };
  const made = await place.ask<CreatedShareLink>({ method: 'POST', url: '/api/v1/share-links', payload });
  return { id: made.shareLink.id, token: made.url.split('/').at(-1) ?? '', artifactId };
}

export const THINGS = {
  artifact: thing(async (place) => (await makeArtifact(place)).id),
  picture: thing(async (place) => (await makePicture(place)).id),
  storedVariant: thing(
    async (place) => (await storeVariant(place)).hash,
    () => randomBytes(16).toString('hex'),
  ),
  gardened: thing(async (place) => (await makeGardened(place)).id),
  variantFile: thing(
    async (place) => (await makeGardened(place)).fileName,
    () => `${randomBytes(16).toString('hex')}-${String(VARIANT_WIDTH_PX)}.webp`,
  ),
  tag: thing(
    async (place) => {
      const tag = `${place.label} ${randomUUID().slice(0, 8)}`;
      await makeArtifact(place, { tag });
      return tag;
    },
    () => `never ${randomUUID().slice(0, 8)}`,
  ),
  idempotencyKey: thing(async (place) => {
    const key = `${place.label}-${randomUUID()}`;
    await makeArtifact(place, { key });
    return key;
  }),
  member: thing((place) => makeMember(place, 'member')),
  otherOwner: thing((place) => makeMember(place, 'owner')),
  email: thing(
    async (place) => (await createPerson(place.api, place.label)).email,
    () => `never-${randomUUID()}@people.test`,
  ),
  owner: thing((place) => makeMember(place, 'owner')),
  trashed: thing(makeTrashed),
  share: thing(async (place) => (await makeShare(place)).id),
  shareToken: secret(async (place) => (await makeShare(place)).token),
  /** Token and artifact, with a space between. */
  sharedOriginal: secret(async (place) => {
    const { token, artifactId } = await makeShare(place);
    return `${token} ${artifactId}`;
  }),
  zipAddress: secret(async (place) => {
    const ids = [(await makePicture(place)).id];
    return (await place.ask<{ url: string }>({ method: 'POST', url: '/api/v1/artifacts/zip', payload: { ids } })).url;
  }),
  invitation: thing(async (place) => (await invite(place, newEmail(place.label))).id),
  ownerInvitation: thing(async (place) => (await invite(place, newEmail(place.label), 'owner')).id),
  receivedInvitation: own(async (place, person) => (await inviteFromElsewhere(place, person)).id),
  receivedToken: secret(async (place, person) => (await inviteFromElsewhere(place, person)).token),
  newcomerToken: secret(async (place) => (await invite(place, newEmail(place.label))).token),
  deletedWorkspace: own((place, person) => makeDeleted(place, person, 'owner')),
  workspaceDeletedOfAdmin: own((place, person) => makeDeleted(place, person, 'admin')),
  workspaceDeletedOfMember: own((place, person) => makeDeleted(place, person, 'member')),
  removal: { ...thing(makeRemoval), isAnybodys: true },
  declared: { ...thing(makeDeclared), isAnybodys: true },
  session: own((_place, person) => Promise.resolve(person.sessionId)),
  passkey: own(async ({ api, label }, { id: userId }) => {
    const passkey = await withScope(api.knex, { userId }, (tx) =>
      insertPasskey(tx, {
        userId,
        credentialId: randomUUID(),
        publicKey: Buffer.alloc(0),
        counter: 0,
        transports: [],
        name: `${label} passkey`,
        isSynced: false,
      }),
    );
    if (passkey === undefined) throw new Error('the credential is another one each time');
    return passkey.id;
  }),
  identity: own(
    async ({ api, label }, { id: userId }) => {
      const id = randomBytes(32).toString('hex');
      const identity = { id, userId, issuer: `https://${label}.test`, subject: `${label} subject` };
      await withScope(api.knex, { userId }, (tx) => insertIdentity(tx, identity));
      return id;
    },
    () => randomBytes(32).toString('hex'),
  ),
  upload: own((place, person) => beginUpload(place, person, { 'upload-length': '4' })),
  uploadOfAnySize: own((place, person) => beginUpload(place, person, { 'upload-defer-length': '1' })),
  registrationToken: secret(async ({ api, label }) => {
    const email = newEmail(label);
    const payload = { email, password: TEST_PASSWORD, displayName: label };
    await api.app.inject({ method: 'POST', url: '/api/v1/auth/register', payload, remoteAddress: freshAddress() });
    return readToken(api, email);
  }),
  resetToken: secret(async ({ api, label }) => {
    const { email } = await createPerson(api, label);
    const payload = { email };
    await api.app.inject({
      method: 'POST',
      url: '/api/v1/auth/forgot-password',
      payload,
      remoteAddress: freshAddress(),
    });
    return readToken(api, email);
  }),
  newAddressToken: secret(async ({ api, label }) => {
    const { accessToken, password } = await createPerson(api, label);
    const email = newEmail(label);
    const payload = { email, currentPassword: password };
    const headers = { authorization: `Bearer ${accessToken}` };
    await api.app.inject({ method: 'POST', url: '/api/v1/me/email', headers, payload, remoteAddress: freshAddress() });
    return readToken(api, email);
  }),
  apiToken: thing(async ({ ask, label, workspaceId }) => {
    const payload = { name: `${label} token`, scopes: ['read'], expiresInDays: 7 };
    const url = `/api/v1/workspaces/${workspaceId}/tokens`;
    return (await ask<CreatedApiToken>({ method: 'POST', url, payload })).apiToken.id;
  }),
  ownApiToken: own(async ({ api, workspaceId, label }, { id: userId }) => {
    const { prefix, sha256 } = makeApiToken(workspaceId);
    const token = { workspaceId, userId, prefix, sha256 };
    const row = await withWorkspace(api.knex, workspaceId, (tx) =>
      insertApiToken(tx, token, { name: `${label} token`, scopes: ['read'], expiresInDays: 1 }),
    );
    return row.id;
  }),
  demoWorkspace: secret(async ({ api }) => {
    const request = { method: 'PUT', url: '/internal/v1/demo', payload: { besideOthers: true } } as const;
    let response = await api.asService(request);
    // Two at once are in each other's way.
    const isMade = await waitUntil(async () => {
      if (response.statusCode !== 200) response = await api.asService(request);
      return response.statusCode === 200;
    }, DEMO_TIMEOUT_MS);
    if (!isMade) throw new Error(`the demo was not made: ${response.body}`);
    return response.json<{ workspaces: { id: string }[] }>().workspaces[0]?.id ?? '';
  }),
} as const satisfies Record<string, Thing>;
export type ThingKind = keyof typeof THINGS;

/** What a sample of a request sees of a place: its things, by their ids. */
export interface Things {
  readonly workspaceId: string;
  /** Makes a new one; gives what a request names it by. */
  make(kind: ThingKind): Promise<string>;
}

/** The things of a place; what belongs to a person and not to the workspace is that person's. */
export function thingsOf(place: Place, person: Person = place.owner): Things {
  return { workspaceId: place.workspaceId, make: (kind) => THINGS[kind].make(place, person) };
}

/** Things that are not there and never were, in a workspace that is. */
export function thingsThatNeverWere(workspaceId: string): Things {
  return { workspaceId, make: (kind) => Promise.resolve(THINGS[kind].never()) };
}
