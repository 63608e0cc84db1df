import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinTestWorkspaces, until, type TestWorkspaces } from '../../../tools/test/fixtures/operator.ts';
import { conditionOf } from '../kube/conditions.ts';
import { Fights } from '../kube/fights.ts';
import { LIMIT_RANGE, NETWORK_POLICY } from './kinds.ts';

const TIMEOUT_MS = 60_000;
const REST_MS = 10_000;
const fieldManager = 'rival-controller';

describe('an operator', () => {
  let all: TestWorkspaces;

  beforeAll(async () => {
    all = await joinTestWorkspaces();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await all.close();
  }, TIMEOUT_MS);

  async function putSome(count: number): Promise<string[]> {
    const names = Array.from({ length: count }, () => all.newName());
    await Promise.all(names.map((name) => all.put(name, { quota: { cpu: '1500m', memory: '1024Mi' } })));
    await Promise.all(names.map((name) => all.until(name, 'Ready', 'True')));
    return names;
  }

  it(
    'writes nothing at rest but its lease, reads nothing, and needs neither after a restart (pains 2 and 15)',
    async () => {
      const operator = await all.start();
      await putSome(10);
      await until('its own writes to have come back', () => operator.cache.isSynced());
      await sleep(500);
      const [writes, requests, calls] = [operator.writes().length, operator.requests.length, all.hortus.calls.length];
      await sleep(REST_MS);
      expect(operator.writes().slice(writes)).toEqual([]);
      const others = operator.requests.slice(requests).filter(({ path }) => !/\/(leases|events)(\/|$)/.test(path));
      expect(others).toEqual([]);
      expect(all.hortus.calls.slice(calls)).toEqual([]);
      await operator.stop();
      const next = await all.start();
      await sleep(2_000);
      expect(next.writes()).toEqual([]);
      expect(all.hortus.calls.slice(calls)).toEqual([]);
      await next.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'says that Hortus is away, does not run hot, and goes on by itself (pain 4)',
    async () => {
      const operator = await all.start();
      all.hortus.isAway = true;
      const name = all.newName();
      await all.put(name);
      const waiting = await all.until(name, 'WorkspaceRegistered', 'False', 'HortusUnavailable');
      expect(conditionOf(waiting.status?.conditions, 'Stalled')?.status).toBe('False');
      expect(conditionOf(waiting.status?.conditions, 'Reconciling')?.status).toBe('True');
      const writes = operator.writes().length;
      await sleep(3_000);
      expect(operator.writes().slice(writes)).toEqual([]);
      all.hortus.isAway = false;
      await all.until(name, 'Ready', 'True');
      await operator.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'slows down where somebody keeps undoing what it does, names them, and ends the fight when they do (pains 2 and 3)',
    async () => {
      const operator = await all.start({ fights: new Fights({ strikesMax: 3, forgiveMs: 2_000 }) });
      const [name = ''] = await putSome(1);
      const place = { namespace: `ws-${name}`, name: 'hortus-deny-all' };
      const end = { isOver: false };
      const fight = (async () => {
        while (!end.isOver) {
          const patch = { spec: { policyTypes: ['Ingress'] } };
          await all.client.merge(NETWORK_POLICY, place, patch, { fieldManager });
          await sleep(50);
        }
      })();
      const contested = await all.until(name, 'NetworkIsolated', 'False', 'Contested');
      expect(conditionOf(contested.status?.conditions, 'NetworkIsolated')?.message).toContain(fieldManager);
      expect(conditionOf(contested.status?.conditions, 'Ready')?.status).toBe('False');
      end.isOver = true;
      await fight;
      // Others of the workspace are looked after meanwhile.
      await all.client.delete(LIMIT_RANGE, { namespace: place.namespace, name: 'hortus-workspace' });
      await until('the limit range to be back', async () => {
        return (
          (await all.client.get(LIMIT_RANGE, { namespace: place.namespace, name: 'hortus-workspace' })) !== undefined
        );
      });
      await all.until(name, 'Ready', 'True');
      expect(await all.client.get(NETWORK_POLICY, place)).toMatchObject({
        spec: { policyTypes: ['Ingress', 'Egress'] },
      });
      await operator.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'is followed by the next one when it stops, which has read everything already, and only one works',
    async () => {
      const first = await all.start();
      const [name = ''] = await putSome(1);
      const starting = all.start();
      await first.stop();
      const second = await starting;
      await all.put(name, { displayName: 'By the second' });
      await all.until(name, 'Ready', 'True');
      expect(second.writes().length).toBeGreaterThan(0);
      await second.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'keeps nobody from working while it is away: what is applied then is done later (pain 1: there is no webhook)',
    async () => {
      const name = all.newName();
      await all.put(name);
      const running = await all.start();
      await all.until(name, 'Ready', 'True');
      await running.stop();
      await all.client.delete(LIMIT_RANGE, { namespace: `ws-${name}`, name: 'hortus-workspace' });
      await all.put(name, { displayName: 'Later' });
      const next = await all.start();
      const { status } = await all.until(name, 'Ready', 'True');
      expect(status?.observedGeneration).toBe(2);
      await next.stop();
    },
    TIMEOUT_MS,
  );
});
