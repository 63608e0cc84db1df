import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONFIG_MAP, joinTestCluster, type ConfigMap, type TestCluster } from '../../../tools/test/fixtures/cluster.ts';
import { createEventRecorder, EVENT, type NewEvent } from './events.ts';
import type { KubeObject } from './resource.ts';

interface Recorded extends KubeObject {
  reason: string;
  note: string;
  regarding: { name: string; uid: string };
  series?: { count: number };
}

describe('events', () => {
  let cluster: TestCluster;
  let map: ConfigMap;
  const repaired: NewEvent = {
    type: 'Warning',
    reason: 'Repaired',
    action: 'Apply',
    note: 'somebody changed the quota',
  };

  beforeAll(async () => {
    cluster = await joinTestCluster();
    const draft: ConfigMap = { metadata: { name: 'regarded', namespace: cluster.namespace } };
    map = await cluster.client.create(CONFIG_MAP, draft, { fieldManager: 'test' });
  });

  afterAll(() => cluster.close());

  const recorder = () =>
    createEventRecorder({
      client: cluster.client,
      controller: 'hortus.dev/test',
      instance: 'test-0',
      logger: cluster.logger,
    });

  async function recorded(reason: string): Promise<readonly Recorded[]> {
    const page = await cluster.client.listPage<Recorded>(EVENT, { namespace: cluster.namespace, limit: 500 });
    return page.items.filter((event) => event.reason === reason);
  }

  it('are one object for each thing that happened, however often it did', async () => {
    const events = recorder();
    for (let time = 0; time < 4; time += 1) events.record(CONFIG_MAP, map, repaired);
    events.record(CONFIG_MAP, map, { ...repaired, note: 'another note' });
    await events.flush();
    const all = await recorded('Repaired');
    expect(all.map(({ note, series }) => [note, series?.count]).sort()).toEqual([
      ['another note', undefined],
      ['somebody changed the quota', 4],
    ]);
    expect(all[0]?.regarding).toMatchObject({ name: 'regarded', uid: map.metadata.uid });
  });

  it('are not written without end about one object', async () => {
    const events = recorder();
    for (let time = 0; time < 100; time += 1)
      events.record(CONFIG_MAP, map, { ...repaired, reason: 'Spam', note: String(time) });
    await events.flush();
    expect(await recorded('Spam')).toHaveLength(25);
  });

  it('about what is being removed fail without a word', async () => {
    const events = recorder();
    events.record(CONFIG_MAP, { metadata: { name: 'x', namespace: 'there-is-no-such-namespace' } }, repaired);
    await events.flush();
    expect(cluster.logged.filter((line) => line.includes('an event could not be written'))).toEqual([]);
  });
});
