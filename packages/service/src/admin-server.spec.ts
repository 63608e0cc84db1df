import { afterEach, describe, expect, it } from '@jest/globals';
import { createMetricsRegistry, startAdminServer, type AdminServer, type ReadinessCheck } from './admin-server.ts';

describe('the admin port', () => {
  let server: AdminServer | undefined;
  afterEach(() => server?.close());

  async function start(
    checks: Record<string, ReadinessCheck>,
    options: { checkTimeoutMs?: number } = {},
  ): Promise<(path: string, method?: string) => Promise<Response>> {
    const registry = createMetricsRegistry();
    const started = await startAdminServer({ host: '127.0.0.1', port: 0, registry, checks, ...options });
    server = started;
    return (path, method = 'GET') => fetch(`http://127.0.0.1:${String(started.port)}${path}`, { method });
  }

  it('says that the program lives, also while it is draining', async () => {
    const ask = await start({});
    expect((await ask('/livez')).status).toBe(200);
    server?.drain();
    expect((await ask('/livez')).status).toBe(200);
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([503, { shutdown: 'the program is shutting down' }]);
  });

  it('names the check that does not hold, until it holds', async () => {
    let isAway = true;
    const ask = await start({
      disk: () => undefined,
      database: () => {
        if (isAway) throw new Error('the database is away');
      },
    });
    const before = await ask('/readyz');
    expect([before.status, await before.json()]).toEqual([503, { disk: 'ok', database: 'the database is away' }]);
    isAway = false;
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('does not wait for a check that hangs', async () => {
    const hanging = () => new Promise<void>(() => undefined);
    const ask = await start({ hanging, disk: () => undefined }, { checkTimeoutMs: 20 });
    const answer = await ask('/readyz');
    expect([answer.status, await answer.json()]).toEqual([503, { hanging: 'no answer within 20 ms', disk: 'ok' }]);
  });

  it('gives metrics as OpenMetrics', async () => {
    const ask = await start({});
    const answer = await ask('/metrics');
    expect(answer.headers.get('content-type')).toContain('application/openmetrics-text');
    const text = await answer.text();
    expect(text).toContain('process_cpu_seconds_total');
    expect(text.trimEnd().endsWith('# EOF')).toBe(true);
  });

  it('has nothing else, and takes nothing', async () => {
    const ask = await start({});
    for (const path of ['/', '/livez/', '/livezz', '/metrics/x']) expect((await ask(path)).status).toBe(404);
    for (const path of ['/livez', '/readyz', '/metrics']) {
      const answer = await ask(path, 'POST');
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('says so where its port is taken', async () => {
    await start({});
    const port = server?.port ?? 0;
    const second = startAdminServer({ host: '127.0.0.1', port, registry: createMetricsRegistry(), checks: {} });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
