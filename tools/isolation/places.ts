import { randomUUID } from 'node:crypto';
import type { Role } from '@hortus/contracts/workspace';
import { createAccessTokens } from '../../api/src/auth/access-token.ts';
import { deriveKeys } from '../../api/src/auth/keys.ts';
import { writeRefreshToken } from '../../api/src/auth/refresh-token.ts';
import { insertSession } from '../../api/src/auth/session-repo.ts';
import { insertUser } from '../../api/src/auth/user-repo.ts';
import { withScope, withWorkspace } from '../../api/src/db/scope.ts';
import { insertMembership, insertWorkspace } from '../../api/src/workspaces/workspace-repo.ts';
import type { TestApi } from '../test/fixtures/api.ts';
import { TEST_PASSWORD, type TestRequest } from '../test/fixtures/people.ts';
import { freshAddress } from './call.ts';
import { cheapHasher } from './cheap-hasher.ts';

/** A person with a session, made without a request, so that no limit on requests is met. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A workspace with an owner who stays, and whose label stands in everything that is made there. */
export interface Place {
  readonly api: TestApi;
  readonly label: string;
  readonly workspaceId: string;
  readonly owner: Person;
  /** Asks as the owner; fails where that is not answered well. */
  ask<Body>(request: TestRequest): Promise<Body>;
}

export async function createPerson(api: TestApi, label: string): Promise<Person> {
  const id = randomUUID();
  const email = `${label}-${id}@people.test`.toLowerCase();
  const passwordHash = await cheapHasher.hash(TEST_PASSWORD);
  const { sessionLifetimeDays: lifetimeDays, sessionIdleDays: idleDays } = api.config;
  const sessionId = await withScope(api.knex, { userId: id }, async (tx) => {
    await insertUser(tx, { id, email, displayName: `${label} person ${id.slice(0, 8)}`, passwordHash, isDemo: false });
    return insertSession(tx, { userId: id, userAgent: `${label} browser ${id.slice(0, 8)}`, addressBlock: '192.0.2.0/24' }, { lifetimeDays, idleDays }); // prettier-ignore
  });
  return {
    id,
    email,
    password: TEST_PASSWORD,
    sessionId,
    accessToken: createAccessTokens(api.app.jwt).issue({ userId: id, sessionId }),
    refreshToken: writeRefreshToken(deriveKeys(api.config.secretKey).refreshToken, {
      sessionId,
      userId: id,
      counter: 0,
    }),
  };
}

export async function join(api: TestApi, workspaceId: string, userId: string, role: Role): Promise<void> {
  await withWorkspace(api.knex, workspaceId, (tx) => insertMembership(tx, { workspaceId, userId, role }));
}

async function createWorkspace(api: TestApi, label: string): Promise<string> {
  const id = randomUUID();
  const slug = `${label}-${id}`.toLowerCase();
  await withWorkspace(api.knex, id, (tx) =>
    insertWorkspace(tx, { id, slug, name: `${label} workspace`, isDemo: false }),
  );
  return id;
}

function placeOf(api: TestApi, label: string, workspaceId: string, owner: Person): Place {
  let speaker = owner;
  async function ask<Body>(request: TestRequest): Promise<Body> {
    const response = await api.app.inject({
      ...request,
      headers: { authorization: `Bearer ${speaker.accessToken}`, 'hortus-workspace': workspaceId, ...request.headers },
      remoteAddress: freshAddress(),
    });
    if (response.statusCode === 429) {
      // One person may not ask as often as a test does, so another owner goes on.
      const other = await createPerson(api, label);
      await join(api, workspaceId, other.id, 'owner');
      speaker = other;
      return ask(request);
    }
    if (response.statusCode >= 300) throw new Error(`${request.method} ${request.url}: ${response.body}`);
    return response.body === '' ? (undefined as Body) : response.json<Body>();
  }
  return { api, label, workspaceId, owner, ask };
}

/** A workspace without a member yet, which this person is to speak for. */
export async function plantEmpty(api: TestApi, label: string, person: Person): Promise<Place> {
  return placeOf(api, label, await createWorkspace(api, label), person);
}

/** A workspace with an owner of its own. */
export async function plantPlace(api: TestApi, label: string): Promise<Place> {
  const owner = await createPerson(api, label);
  const place = await plantEmpty(api, label, owner);
  await join(api, place.workspaceId, owner.id, 'owner');
  return place;
}
