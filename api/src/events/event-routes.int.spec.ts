import { setImmediate as turn } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Artifact } from '@hortus/contracts/artifact';
import type { LiveEvent } from '@hortus/contracts/event-api';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import type { TestPerson } from '../../../tools/test/fixtures/people.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { withWorkspace } from '../db/scope.ts';
import { appendEvent, listEvents } from './event-repo.ts';

interface Message {
  readonly id: number;
  readonly event?: LiveEvent;
}

/** Reads a stream of server-sent events, one message at a time. */
interface Stream {
  /** The next message that has data. @throws when the stream ended */
  next(): Promise<Required<Message>>;
  /** Resolves when the server has ended the stream. */
  ended(): Promise<void>;
  /** The comments that came. */
  readonly comments: readonly string[];
  close(): Promise<void>;
}

describe('the events of a workspace', () => {
  let api: TestApi;
  let ada: TestPerson;
  let stranger: TestPerson;
  let base: string;
  const open = new Set<Stream>();
  beforeAll(async () => {
    api = await startTestApi({}, { heartbeatMs: 200 });
    ada = (await api.plant('Acme', ['owner'])).people.owner;
    stranger = (await api.plant('Umbrella', ['owner'])).people.owner;
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    base = `http://127.0.0.1:${String((api.app.server.address() as AddressInfo).port)}`;
  });
  afterEach(async () => {
    await Promise.all([...open].map((stream) => stream.close()));
    open.clear();
  });
  afterAll(() => api.close());

  const request = (headers: Record<string, string>, signal?: AbortSignal, person = ada) =>
    fetch(`${base}/api/v1/events`, {
      headers: { authorization: `Bearer ${person.accessToken}`, 'hortus-workspace': person.workspaceId, ...headers },
      ...(signal === undefined ? {} : { signal }),
    });

  /** Resolves when the stream stands: the server has said where it begins. */
  async function listen(lastEventId?: number, person = ada): Promise<Stream & { begin: Message }> {
    const abort = new AbortController();
    const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
    const response = await request(headers, abort.signal, person);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    if (response.body === null) throw new Error('the stream has no body');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const comments: string[] = [];
    let text = '';
    async function message(): Promise<Message | null> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) return null;
          text += value;
          continue;
        }
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const [id, type, data] = [field('id'), field('event'), field('data')];
        if (id === undefined) {
          comments.push(...lines);
          continue;
        }
        if (data === undefined) return { id: Number(id) };
        const event = JSON.parse(data) as LiveEvent;
        expect(event.type).toBe(type);
        return { id: Number(id), event };
      }
    }
    const begin = await message();
    if (begin === null) throw new Error('the stream said nothing');
    const stream: Stream & { begin: Message } = {
      begin,
      async next() {
        const { id, event } = (await message()) ?? { id: -1 };
        if (event === undefined) throw new Error('the stream ended');
        return { id, event };
      },
      async ended() {
        while ((await message()) !== null);
      },
      comments,
      async close() {
        abort.abort();
        await reader.cancel().catch(() => undefined);
      },
    };
    open.add(stream);
    return stream;
  }
  const patch = (id: string, name: string) =>
    ada.call({ method: 'PATCH', url: `/api/v1/artifacts/${id}`, payload: { name }, headers: { 'if-match': '*' } });
  const remove = (id: string) =>
    ada.call({ method: 'DELETE', url: `/api/v1/artifacts/${id}`, headers: { 'if-match': '*' } });

  it('arrive by themselves, in order, each with the artifact as it is', async () => {
    const stream = await listen();
    const artifact = await ada.createArtifact({ name: 'Rose' });
    const created = await stream.next();
    expect(created.event).toEqual({ type: 'artifact.changed', artifact });
    const changed = (await patch(artifact.id, 'Dog rose')).json<Artifact>();
    const second = await stream.next();
    expect(second.event).toEqual({ type: 'artifact.changed', artifact: changed });
    await remove(artifact.id);
    const third = await stream.next();
    expect(third.event).toEqual({ type: 'artifact.deleted', artifactId: artifact.id });
    expect(stream.begin.event).toBeUndefined();
    expect([stream.begin.id, created.id, second.id, third.id].every((id, at, ids) => at === 0 || id > Number(ids[at - 1]))).toBe(true); // prettier-ignore
  });

  it('tell every listener, and nobody of another workspace', async () => {
    const [one, two, theirs] = [await listen(), await listen(), await listen(undefined, stranger)];
    const { id: foreign } = await stranger.createArtifact({ name: 'A secret' });
    const { id } = await ada.createArtifact({ name: 'Ours' });
    for (const stream of [one, two])
      expect((await stream.next()).event).toMatchObject({ artifact: { id, name: 'Ours' } });
    expect((await theirs.next()).event).toMatchObject({ artifact: { id: foreign } });
    const { id: last } = await stranger.createArtifact({ name: 'Another secret' });
    expect((await theirs.next()).event).toMatchObject({ artifact: { id: last } });
  });

  it('tell which part of the workspace changed, once for several changes that a reader has missed', async () => {
    const stream = await listen();
    const invite = (email: string) =>
      ada.call({
        method: 'POST',
        url: `/api/v1/workspaces/${ada.workspaceId}/invitations`,
        payload: { email, role: 'member' },
      });
    await invite('one@parts.test');
    const first = await stream.next();
    expect(first.event).toEqual({ type: 'workspace.changed', part: 'invitations' });
    await stream.close();
    await invite('two@parts.test');
    await invite('three@parts.test');
    const { id } = await ada.createArtifact();
    const later = await listen(first.id);
    expect([(await later.next()).event, (await later.next()).event]).toMatchObject([
      { type: 'workspace.changed', part: 'invitations' },
      { type: 'artifact.changed', artifact: { id } },
    ]);
  });

  it('that were missed come again, once for each artifact, whichever was the last that was seen', async () => {
    await ada.createArtifact();
    const { begin } = await listen();
    const x = await ada.createArtifact({ name: 'x' });
    const y = await ada.createArtifact({ name: 'y' });
    await patch(x.id, 'x again');
    await remove(y.id);
    const { id: z } = await ada.createArtifact({ name: 'z' });
    const rows = await api.database.query<{ id: string; artifact_id: string }>(
      'select id, artifact_id from events where workspace_id = $1 and id > $2 order by id',
      [ada.workspaceId, begin.id],
    );
    expect(rows.map((row) => row.artifact_id)).toEqual([x.id, y.id, x.id, y.id, z]);
    for (const after of [begin.id, ...rows.map(({ id }) => Number(id))]) {
      const stream = await listen(after);
      expect(stream.begin).toEqual({ id: after });
      const missed = rows.filter(({ id }) => Number(id) > after);
      const latest = missed.filter(
        (row, at) => !missed.slice(at + 1).some((other) => other.artifact_id === row.artifact_id),
      );
      const { id: marker } = await ada.createArtifact({ name: 'marker' });
      const seen: string[] = [];
      let end = false;
      while (!end) {
        const { id, event } = await stream.next();
        if (event.type === 'reset' || event.type === 'workspace.changed') throw new Error('nothing else happens');
        const artifactId = event.type === 'artifact.deleted' ? event.artifactId : event.artifact.id;
        end = artifactId === marker;
        if (rows.some((row) => Number(row.id) === id)) seen.push(`${String(id)} ${event.type} ${artifactId}`);
      }
      expect(seen).toEqual(
        latest.map(
          (row) => `${row.id} artifact.${row.artifact_id === y.id ? 'deleted' : 'changed'} ${row.artifact_id}`,
        ),
      );
      await stream.close();
    }
  });

  it('are begun anew by one that has seen what is no longer kept, or what never was', async () => {
    const { begin } = await listen();
    await ada.createArtifact();
    await ada.createArtifact();
    const { begin: now } = await listen();
    await api.database.query('delete from events where workspace_id = $1 and id < $2', [ada.workspaceId, now.id]);
    expect((await listen(begin.id)).begin).toEqual({ id: now.id, event: { type: 'reset' } });
    expect((await listen(now.id + 1000)).begin).toEqual({ id: now.id, event: { type: 'reset' } });
    expect((await listen(now.id)).begin).toEqual({ id: now.id });
  });

  it('are refused to who may not see them, before the stream begins', async () => {
    const answers = await Promise.all([
      request({ authorization: 'Bearer nonsense' }),
      request({ 'hortus-workspace': stranger.workspaceId }),
      request({ 'last-event-id': 'x' }),
    ]);
    const codes = await Promise.all(answers.map(async (response) => ((await response.json()) as Problem).code));
    expect(codes).toEqual(['TOKEN_INVALID', 'WORKSPACE_NOT_FOUND', 'REQUEST_INVALID']);
  });

  it('are answered with a problem when the database refuses them', async () => {
    await api.database.query('revoke select on events from hortus_api');
    try {
      const response = await request({});
      expect([response.status, ((await response.json()) as Problem).code]).toEqual([500, 'INTERNAL']);
    } finally {
      await api.database.query('grant select on events to hortus_api');
    }
  });

  it('end when the session ends, be the workspace quiet or busy', async () => {
    const [quiet, busy] = [await listen(), await listen()];
    await api.database.query('update sessions set ended_at = now() where user_id = $1', [ada.id]);
    try {
      const over = new AbortController();
      const isOver = () => over.signal.aborted;
      const noise = (async () => {
        while (!isOver()) {
          await withWorkspace(api.knex, ada.workspaceId, (tx) =>
            appendEvent(tx, { workspaceId: ada.workspaceId, type: 'artifact.changed', artifactId: ada.id }),
          );
        }
      })();
      await busy.ended();
      over.abort();
      await noise;
      await quiet.ended();
      expect((await request({})).status).toBe(401);
    } finally {
      await api.database.query('update sessions set ended_at = null where user_id = $1', [ada.id]);
    }
  });

  it('end when the person is no member any more, and a quiet stream says until then that it is there', async () => {
    const stream = await listen();
    const ended = stream.ended();
    expect(await waitUntil(() => stream.comments.includes(': still here'), 10_000)).toBe(true);
    await api.database.query('delete from memberships where user_id = $1', [ada.id]);
    await ended;
    await api.database.query(`insert into memberships (workspace_id, user_id, role) values ($1, $2, 'owner')`, [
      ada.workspaceId,
      ada.id,
    ]);
  });

  it('are seen by a reader that polls, every one and in order, however their transactions overlap', async () => {
    const transaction = fc.record({ events: fc.integer({ min: 1, max: 3 }), pause: fc.nat(3), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { minLength: 4, maxLength: 16 }), async (transactions) => {
        const { workspaceId } = stranger;
        const [row] = await api.database.query<{ id: string }>('select coalesce(max(id), 0) as id from events');
        const start = Number(row?.id);
        const waiting = [...transactions];
        const write = async () => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            const { events, pause, fails } = next;
            await withWorkspace(api.knex, workspaceId, async (tx) => {
              for (let count = 0; count < events; count += 1) {
                await appendEvent(tx, { workspaceId, type: 'artifact.changed', artifactId: stranger.id });
              }
              await tx.raw('select pg_sleep(?)', [pause / 1000]);
              if (fails) throw new Error('rolled back');
            }).catch(() => undefined);
          }
        };
        const seen: number[] = [];
        const read = async () => {
          const rows = await withWorkspace(api.knex, workspaceId, (tx) =>
            listEvents(tx, { after: seen.at(-1) ?? start, limit: 100 }),
          );
          seen.push(...rows.map(({ id }) => id));
        };
        const over = new AbortController();
        const isOver = () => over.signal.aborted;
        const reading = (async () => {
          while (!isOver()) {
            await read();
            await turn();
          }
        })();
        await Promise.all([write(), write(), write()]);
        over.abort();
        await reading;
        await read();
        const all = await api.database.query<{ id: string }>('select id from events where id > $1 order by id', [
          start,
        ]);
        expect(seen).toEqual(all.map(({ id }) => Number(id)));
      }),
      { numRuns: 15 },
    );
  }, 20_000);

  it('end when the api shuts down', async () => {
    const stream = await listen();
    await api.app.close();
    await stream.ended();
  });
});
