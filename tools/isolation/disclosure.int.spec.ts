import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '@hortus/contracts/endpoint';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { ROLES, type Role } from '@hortus/contracts/workspace';
import type { TestApi } from '../test/fixtures/api.ts';
import { startProofApi } from './proof-api.ts';
import { askFor, canariesIn, compareTraces, fill, findCanaries, naming, readRows, trace } from './disclosure.ts';
import { createPerson, join, plantPlace, type Person, type Place } from './places.ts';
import { REQUEST_SAMPLES, type RequestSample } from './request-samples.ts';
import { thingsOf, thingsThatNeverWere } from './things.ts';

const SECRET = 'zqkanari';

describe('what one workspace learns of another', () => {
  let api: TestApi;
  /** Whose it is, and who must learn nothing of it. */
  let secret: Place;
  let here: Place;
  let rows: Record<string, unknown>[];
  let canaries: string[];
  beforeAll(async () => {
    api = await startProofApi();
    secret = await plantPlace(api, SECRET);
    here = await plantPlace(api, 'here');
    await fill(secret);
    await fill(here);
    rows = await readRows(api.database, secret.workspaceId);
    canaries = canariesIn(rows, SECRET);
  });
  afterAll(() => api.close());

  async function enter(role: Role): Promise<Person> {
    const person = await createPerson(api, 'here');
    await join(api, here.workspaceId, person.id, role);
    return person;
  }

  const samplesOf = (endpoint: Endpoint) =>
    (REQUEST_SAMPLES[endpoint.schema.operationId] ?? []).filter(({ isAlone }) => isAlone !== true);
  const operations = ENDPOINTS.map((endpoint) => [endpoint.schema.operationId, endpoint] as const);

  /** Each sample by each role; a person may be asked for once, so that no answer follows from the one before. */
  async function forEachSample(
    endpoint: Endpoint,
    work: (sample: RequestSample, name: string, role: Role) => Promise<string[]>,
  ): Promise<string[]> {
    const findings: string[] = [];
    for (const sample of samplesOf(endpoint)) {
      for (const role of ROLES) {
        const name = `${endpoint.schema.operationId} ${sample.title ?? ''} by ${role}: `;
        for (const found of await work(sample, name, role)) findings.push(name + found);
      }
    }
    return findings;
  }

  it('is looked for with canaries of every table', async () => {
    expect(canaries.length).toBeGreaterThan(50);
    for (const text of [
      secret.workspaceId,
      secret.owner.id,
      secret.owner.email,
      `${SECRET} description`,
      `${SECRET} fact`,
    ]) {
      expect(canaries).toContain(text);
    }
    const tables = await api.database.query<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id'`,
    );
    for (const { name } of tables) {
      const [count] = await api.database.query<{ rows: number }>(`select count(*)::int as rows from ${name} where workspace_id = $1`, [secret.workspaceId]); // prettier-ignore
      expect([name, count?.rows]).not.toEqual([name, 0]);
    }
  });

  it('would be found: an answer with a canary is, and one that says what was sent is not', () => {
    const [canary = ''] = canaries;
    expect(findCanaries({ status: 200, headers: {}, body: `{"id":"${canary}"}` }, {}, canaries)).toEqual([canary]);
    expect(findCanaries({ status: 404, headers: {}, body: canary }, { params: { id: canary } }, canaries)).toEqual([]);
    expect(findCanaries({ status: 200, headers: { location: canary }, body: '' }, {}, canaries)).toEqual([canary]);
  });

  it.each(operations)('is nothing by %s on things of its own', async (_name, endpoint) => {
    // The product's own programs work for all workspaces.
    if (endpoint.config.access === 'service') return;
    const findings = await forEachSample(endpoint, async (sample, _title, role) => {
      const person = await enter(role);
      const asked = await askFor(sample, here.workspaceId, thingsOf(here, person), person);
      const { answer } = await trace(api, { endpoint, asked, workspaceId: here.workspaceId, person });
      return findCanaries(answer, asked, canaries);
    });
    expect(findings).toEqual([]);
  });

  it.each(operations)(
    'is nothing by %s on things of the other: they might as well never have been',
    async (_name, endpoint) => {
      const findings = await forEachSample(endpoint, async (sample, _title, role) => {
        const workspaceId = here.workspaceId;
        const [foreigner, other] = [await enter(role), await enter(role)];
        const { things, named } = naming(thingsOf(secret));
        const foreignAsked = await askFor(sample, workspaceId, things, foreigner);
        // What names nothing of the other is the same request twice.
        if (named.size === 0) return [];
        const neverAsked = await askFor(sample, workspaceId, thingsThatNeverWere(workspaceId), other);
        const foreign = await trace(api, { endpoint, asked: foreignAsked, workspaceId, person: foreigner });
        const never = await trace(api, { endpoint, asked: neverAsked, workspaceId, person: other });
        return [...findCanaries(foreign.answer, foreignAsked, canaries), ...compareTraces(foreign, never)];
      });
      expect(findings).toEqual([]);
    },
  );

  it.each(operations)('is nothing by %s in the other: it might as well never have been', async (_name, endpoint) => {
    const { access } = endpoint.config;
    if (access !== 'workspace' && access !== 'membership') return;
    const findings = await forEachSample(endpoint, async (sample, _title, role) => {
      const [foreigner, other] = [await enter(role), await enter(role)];
      const nowhere = crypto.randomUUID();
      const foreignAsked = await askFor(sample, secret.workspaceId, thingsOf(secret), foreigner);
      const neverAsked = await askFor(sample, nowhere, thingsThatNeverWere(nowhere), other);
      const foreign = await trace(api, {
        endpoint,
        asked: foreignAsked,
        workspaceId: secret.workspaceId,
        person: foreigner,
      });
      const never = await trace(api, { endpoint, asked: neverAsked, workspaceId: nowhere, person: other });
      return [...findCanaries(foreign.answer, foreignAsked, canaries), ...compareTraces(foreign, never)];
    });
    expect(findings).toEqual([]);
  });

  it('changes nothing of the other, whatever was tried', async () => {
    const after = new Set((await readRows(api.database, secret.workspaceId)).map((row) => JSON.stringify(row)));
    expect(rows.map((row) => JSON.stringify(row)).filter((row) => !after.has(row))).toEqual([]);
  });
});
