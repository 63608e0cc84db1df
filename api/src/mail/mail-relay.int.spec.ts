import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetricsRegistry } from '@hortus/service/admin-server';
import { createLogger } from '@hortus/service/logger';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { readArrivedMails, readWaitingMails, waitForMails } from '../../../tools/test/fixtures/mails.ts';
import { readTestEnvironment } from '../../../tools/test/fixtures/test-environment.ts';
import { waitUntil } from '../../../tools/processes/wait-until.ts';
import { startListener, type Listener } from '../db/listener.ts';
import { withScope } from '../db/scope.ts';
import { createApiMetrics } from '../metrics.ts';
import { pauseAfter, startMailRelay } from './mail-relay.ts';
import { MAIL_CHANNEL, claimMails, queueMail } from './mail-repo.ts';
import { verifyEmailMail } from './mail-templates.ts';
import { createMailTransport } from './mail-transport.ts';

const WAIT_MS = 20_000;
const TOKEN = 'canary-of-a-one-time-link';

/** A mail server that takes nothing: it answers every recipient with `answer`. */
async function startRefusingServer(answer: string): Promise<{ smtpUrl: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 refusing\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        socket.write(`${/^rcpt/i.test(line) ? answer : '250 fine'}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, smtpUrl: `smtp://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

describe('the relay of mails', () => {
  const { smtpUrl } = readTestEnvironment();
  let api: TestApi;
  let listener: Listener;

  beforeAll(async () => {
    api = await startTestApi();
    const logger = createLogger({ service: 'api', level: 'silent' });
    listener = startListener({ databaseUrl: api.config.databaseUrl, channels: [MAIL_CHANNEL], logger });
  });
  afterAll(async () => {
    await listener.close();
    await api.close();
  });

  const mailTo = (to: string, keptMinutes = 60) => ({
    ...verifyEmailMail({ publicUrl: 'http://localhost:8080', token: TOKEN, minutes: 60 }),
    to,
    keptMinutes,
  });
  const queue = (to: string, keptMinutes?: number) =>
    withScope(api.knex, { email: to }, (tx) => queueMail(tx, mailTo(to, keptMinutes)));
  const isGone = async (to: string) => (await readWaitingMails(api.database, to)).length === 0;

  function startRelay(url = smtpUrl) {
    const lines: string[] = [];
    const logger = createLogger({ service: 'api', level: 'info' }, { write: (line) => void lines.push(line) });
    const registry = createMetricsRegistry();
    const relay = startMailRelay({
      knex: api.knex,
      transport: createMailTransport({ smtpUrl: url, from: 'Hörtus <noreply@hortus.test>' }),
      listener,
      logger,
      metrics: createApiMetrics(registry),
    });
    return {
      lines,
      messages: () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
      metrics: () => registry.metrics(),
      close: () => relay.close(),
    };
  }

  it('sends a mail to its address, and keeps nothing of it', async () => {
    const to = 'ada+hortus@relay.test';
    const relay = startRelay();
    try {
      await queue(to);
      const [mail, ...others] = await waitForMails(to);
      expect(others).toEqual([]);
      expect(mail?.subject).toBe('Confirm your e-mail address for Hortus');
      expect(mail?.text).toContain(`http://localhost:8080/verify-email#token=${TOKEN}`);
      expect(mail?.html).toContain(TOKEN);
      expect(await waitUntil(() => isGone(to), WAIT_MS)).toBe(true);
      expect(await relay.metrics()).toMatch(/hortus_mails_total\{outcome="sent"\} 1/);
    } finally {
      await relay.close();
    }
    expect(relay.lines.join('') + api.logged.join('')).not.toContain(TOKEN);
  });

  it('has nothing to send for what was rolled back', async () => {
    const to = 'never@relay.test';
    const failed = withScope(api.knex, { email: to }, async (tx) => {
      await queueMail(tx, mailTo(to));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await isGone(to)).toBe(true);
  });

  it('keeps mails while the server is away, says so once, and sends them then', async () => {
    const to = 'patient@relay.test';
    const away = startRelay('smtp://127.0.0.1:1');
    await queue(to);
    const hasTried = async () =>
      (await api.database.query('select 1 from mails where recipient = $1 and attempts >= 2', [to])).length > 0;
    expect(await waitUntil(hasTried, WAIT_MS)).toBe(true);
    await away.close();
    expect(away.messages()).toEqual(['mails wait: the mail server or the database is away']);
    expect(away.lines.join('')).not.toContain(to);
    expect(await away.metrics()).toMatch(/hortus_mails_pending 1/);
    await api.database.query('update mails set available_at = now()');
    const relay = startRelay();
    try {
      await waitForMails(to);
      expect(await waitUntil(() => isGone(to), WAIT_MS)).toBe(true);
    } finally {
      await relay.close();
    }
  });

  it('tries again what the server does not take for now, and drops what it refuses for good', async () => {
    const to = 'refused@relay.test';
    const later = await startRefusingServer(`451 4.7.1 <${to}> later`);
    const never = await startRefusingServer(`550 5.1.1 <${to}> unknown`);
    const relays = [later, never].map(
      ({ smtpUrl: url }) =>
        () =>
          startRelay(url),
    );
    try {
      await queue(to);
      const first = relays[0]?.();
      const isPostponed = async () =>
        (await api.database.query('select 1 from mails where recipient = $1 and attempts > 0', [to])).length > 0;
      expect(await waitUntil(isPostponed, WAIT_MS)).toBe(true);
      await first?.close();
      expect(await isGone(to)).toBe(false);
      await api.database.query('update mails set available_at = now()');
      const second = relays[1]?.();
      expect(await waitUntil(() => isGone(to), WAIT_MS)).toBe(true);
      await second?.close();
      expect(await second?.metrics()).toMatch(/hortus_mails_total\{outcome="refused"\} 1/);
      expect([first, second].flatMap((relay) => relay?.lines ?? []).join('')).not.toContain(to);
    } finally {
      for (const { server } of [later, never]) server.close();
    }
  });

  it('drops what has expired without sending it', async () => {
    const to = 'late@relay.test';
    await queue(to, 0);
    const relay = startRelay();
    try {
      expect(await waitUntil(() => isGone(to), WAIT_MS)).toBe(true);
      expect(await relay.metrics()).toMatch(/hortus_mails_total\{outcome="expired"\} 1/);
    } finally {
      await relay.close();
    }
    expect(await readArrivedMails(to)).toEqual([]);
  });

  it('sends each once, though two relays are at work', async () => {
    const people = Array.from({ length: 30 }, (_, index) => `${String(index)}@crowd.test`);
    await Promise.all(people.map((to) => queue(to)));
    const relays = [startRelay(), startRelay()];
    try {
      for (const to of people) await waitForMails(to);
      expect(await waitUntil(async () => (await Promise.all(people.map(isGone))).every(Boolean), WAIT_MS)).toBe(true);
    } finally {
      await Promise.all(relays.map((relay) => relay.close()));
    }
    const arrived = await Promise.all(people.map(readArrivedMails));
    expect(arrived.map(({ length }) => length)).toEqual(people.map(() => 1));
  });

  it('leaves to another, after a time, what a relay held that died', async () => {
    const to = 'held@relay.test';
    await queue(to);
    const claim = () => withScope(api.knex, { instance: true }, (tx) => claimMails(tx, { limit: 10, holdMs: 1000 }));
    expect((await claim()).map((mail) => mail.to)).toEqual([to]);
    expect(await claim()).toEqual([]);
    const relay = startRelay();
    try {
      await waitForMails(to);
    } finally {
      await relay.close();
    }
  });

  it('is the only one who can read them: the api itself can not', async () => {
    const read = withScope(api.knex, { email: 'ada@relay.test' }, (tx) => tx('mails').select());
    await expect(read).rejects.toThrow(/permission denied/);
  });

  it('pauses longer from attempt to attempt, up to a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 50].map(pauseAfter);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBe(60_000);
  });
});
