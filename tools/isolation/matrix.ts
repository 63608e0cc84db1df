import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '@hortus/contracts/endpoint';
import { ERRORS, type Problem } from '@hortus/contracts/errors';
import { endSession } from '../../api/src/auth/session-repo.ts';
import { withScope, withWorkspace } from '../../api/src/db/scope.ts';
import { setSuspended } from '../../api/src/declarations/declaration-repo.ts';
import { makeApiToken } from '../../api/src/tokens/api-token.ts';
import { deleteApiToken, insertApiToken } from '../../api/src/tokens/api-token-repo.ts';
import { deleteMembership } from '../../api/src/workspaces/member-repo.ts';
import { TEST_SERVICE_KEY } from '../test/fixtures/api.ts';
import { CALLERS, meet, type Caller, type Outcome } from './callers.ts';
import { call, type Answer } from './call.ts';
import { OPERATOR_TOKEN, WORKER_TOKEN } from './proof-api.ts';
import { createPerson, join, plantEmpty, type Person, type Place } from './places.ts';
import { REQUEST_SAMPLES, type RequestSample } from './request-samples.ts';
import { THINGS, thingsOf, type Thing, type ThingKind, type Things } from './things.ts';

/** One field of the matrix: who asks for what. */
export interface Trial {
  readonly endpoint: Endpoint;
  readonly sample: RequestSample;
  readonly caller: Caller;
}

/** Access is asked before a request is looked at, so further samples are for those whom it lets in. */
export function trialsOf(endpoint: Endpoint): Trial[] {
  const samples = REQUEST_SAMPLES[endpoint.schema.operationId] ?? [];
  return samples.flatMap((sample, index) =>
    CALLERS.filter((caller) => isMeant(endpoint, sample, caller))
      .filter((caller) => index === 0 || isAtHome(caller))
      .map((caller) => ({ endpoint, sample, caller })),
  );
}

/** A person, or the product itself, whom the access lets in. */
export function isAtHome({ standing, credentials }: Caller): boolean {
  const isByPerson = credentials.by === 'session' && credentials.names === undefined;
  return standing === 'own' && (isByPerson || credentials.by === 'service key');
}

function isMeant(
  { method, config }: Endpoint,
  sample: RequestSample,
  { standing, role, credentials }: Caller,
): boolean {
  // Nobody is looked at, so one role stands for all.
  if ((config.access === 'public' || config.access === 'signed') && role !== 'owner') return false;
  if (sample.isAlone === true && standing !== 'own') return false;
  // Reading is no different there, and nothing else knows of it.
  if (standing === 'suspended' && (method === 'GET' || method === 'HEAD')) return false;
  if (standing === 'suspended' && config.access !== 'workspace' && config.access !== 'membership') return false;
  const ownNamed = credentials.by === 'session' && credentials.names === 'a workspace of their own';
  // Where the header decides, this is somebody at home.
  return !ownNamed || config.access === 'membership';
}

export function nameOf({ endpoint, sample, caller }: Trial): string {
  const title = sample.title === undefined ? '' : ` (${sample.title})`;
  return `${endpoint.schema.operationId}${title} for ${caller.name}`;
}

export function expectOutcome({ endpoint, sample, caller }: Trial): Outcome {
  const met = meet(endpoint, caller);
  if (met !== 'passes') return met;
  if (sample.isBySession === true && caller.credentials.by === 'ended session') return 'SESSION_ENDED';
  return sample.refused ?? sample.decide?.(caller.role) ?? 'passes';
}

async function ownToken(place: Place, person: Person, { credentials }: Caller, workspaceId: string): Promise<string> {
  if (credentials.by !== 'API token') throw new Error('no API token is asked for');
  const { text, prefix, sha256 } = makeApiToken(workspaceId);
  await withWorkspace(place.api.knex, workspaceId, async (tx) => {
    const { id } = await insertApiToken(
      tx,
      { workspaceId, userId: person.id, prefix, sha256 },
      { name: `${place.label} token`, scopes: [...credentials.scopes], expiresInDays: credentials.state === 'expired' ? 0 : 1 }, // prettier-ignore
    );
    if (credentials.state === 'revoked') await deleteApiToken(tx, workspaceId, id);
  });
  return text;
}

async function bearerOf(place: Place, person: Person, caller: Caller, home: string): Promise<string | null> {
  const { api } = place;
  const { sessionId, accessToken, id } = person;
  switch (caller.credentials.by) {
    case 'nothing':
      return null;
    case 'expired access token':
      return api.app.jwt.sign({ sub: id, sid: sessionId, iat: Math.floor(Date.now() / 1000) - 3600 });
    case 'forged access token':
      return `${accessToken.slice(0, -8)}AAAAAAAA`;
    case 'ended session':
      await withScope(api.knex, { userId: id }, (tx) => endSession(tx, sessionId));
      return accessToken;
    case 'service key':
      return TEST_SERVICE_KEY;
    case 'token of the operator':
      return OPERATOR_TOKEN;
    case 'token of the worker':
      return WORKER_TOKEN;
    case 'wrong service key':
      return `${TEST_SERVICE_KEY.slice(0, -1)}!`;
    case 'session':
      return accessToken;
    case 'API token':
      return ownToken(place, person, caller, home);
  }
}

/** Makes the caller as they stand to the place. @returns the headers that they send */
async function enter(place: Place, person: Person, caller: Caller, elsewhere: Place): Promise<Record<string, string>> {
  const { api, workspaceId } = place;
  const { credentials, role, standing } = caller;
  const home = standing === 'foreign' ? elsewhere.workspaceId : workspaceId;
  await join(api, home, person.id, role);
  const bearer = await bearerOf(place, person, caller, home);
  if (standing === 'removed') {
    await withWorkspace(api.knex, workspaceId, (tx) => deleteMembership(tx, workspaceId, person.id));
  }
  const names = credentials.by === 'session' ? credentials.names : undefined;
  const named = { 'no workspace': undefined, 'a malformed workspace': 'malformed', 'a workspace of their own': home };
  const header = names === undefined ? workspaceId : named[names];
  return {
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(header === undefined ? {} : { 'hortus-workspace': header }),
  };
}

function codeOf({ body }: Answer): string {
  try {
    return (JSON.parse(body) as Partial<Problem>).code ?? 'no code';
  } catch {
    return 'no problem';
  }
}

/** Null where the answer is what was expected. */
export function judge(endpoint: Endpoint, expected: Outcome, answer: Answer): string | null {
  const { status } = answer;
  if (expected === 'passes') {
    if (status in endpoint.schema.response && status < 400) return null;
  } else if (status === ERRORS[expected].status && (endpoint.method === 'HEAD' || codeOf(answer) === expected)) {
    // An answer to HEAD has no body that could name the code.
    return null;
  }
  return `${expected} is right, and the answer was ${String(status)} ${status < 300 ? '' : codeOf(answer)}`;
}

/** Things that are made once, for requests that leave them as they are. */
function sharing(things: Things, made: Map<ThingKind, Promise<string>>, isDone: boolean): Things {
  return {
    workspaceId: things.workspaceId,
    make(kind) {
      const { isPersons }: Thing = THINGS[kind];
      if (isDone && isPersons === true) return things.make(kind);
      const one = made.get(kind) ?? things.make(kind);
      made.set(kind, one);
      return one;
    },
  };
}

/** Null where the trial ends as it should, else what it ended with. */
export type Verdict = string | null;

export interface MatrixRunner {
  /** Makes the caller and what the request names; `run` asks and judges, of another app where it is given. */
  prepare(trial: Trial): Promise<(app?: FastifyInstance) => Promise<Verdict>>;
}

/**
 * Tries fields of the matrix at a place; `elsewhere` is where foreigners are at home. Each has a caller of its own, so that
 * none depends on what others did.
 *
 * @param options.areThingsFresh also for requests that are to be refused, since a mutant may do them
 */
export function createMatrixRunner(home: Place, elsewhere: Place, options: { areThingsFresh: boolean }): MatrixRunner {
  const made = new Map<ThingKind, Promise<string>>();
  return {
    async prepare(trial) {
      const { endpoint, sample, caller } = trial;
      const expected = expectOutcome(trial);
      const person = await createPerson(home.api, 'caller');
      const hasOwnPlace = sample.isAlone === true || caller.standing === 'suspended';
      const place = hasOwnPlace ? await plantEmpty(home.api, home.label, person) : home;
      const headers = await enter(place, person, caller, elsewhere);
      const things = thingsOf(place, person);
      const leavesThem =
        endpoint.method === 'GET' || endpoint.method === 'HEAD' || (expected !== 'passes' && !options.areThingsFresh);
      const isShared = leavesThem && !hasOwnPlace;
      const asked = await sample.ask(isShared ? sharing(things, made, expected === 'passes') : things, person);
      if (caller.standing === 'suspended') {
        await withWorkspace(home.api.knex, place.workspaceId, (tx) => setSuspended(tx, place.workspaceId, true));
      }
      return async (app = home.api.app) => {
        const found = judge(endpoint, expected, await call(app, endpoint, asked, headers));
        return found === null ? null : `${nameOf(trial)}: ${found}`;
      };
    },
  };
}

const AT_ONCE = 4;

/** Runs the work on all, a few at once; the results in order. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, item] of rest) results[index] = await work(item);
    }),
  );
  return results;
}
