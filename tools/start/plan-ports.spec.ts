import { describe, expect, it } from '@jest/globals';
import { PORTS, type PortName } from './config.ts';
import { planPorts } from './plan-ports.ts';

const defaults = Object.fromEntries(Object.keys(PORTS).map((name) => [name, undefined])) as Record<PortName, undefined>;

const plan = (taken: readonly number[], configured: Partial<Record<PortName, number>> = {}) =>
  planPorts(
    { ...defaults, ...configured },
    (port) => Promise.resolve(!taken.includes(port)),
    (port) => Promise.resolve(`process ${String(port)}0 (nginx)`),
  );

describe('planPorts', () => {
  it('keeps the defaults when they are free', async () => {
    const { ports, notes } = await plan([]);
    expect(ports).toEqual({
      api: 8080,
      apiAdmin: 9080,
      workerAdmin: 9081,
      postgres: 5433,
      temporal: 7233,
      temporalUi: 8233,
      mailSmtp: 1025,
      mailPage: 1080,
    });
    expect(notes).toEqual([]);
  });

  it('moves a default that is taken, and says who has it', async () => {
    const { ports, notes } = await plan([8080, 8081]);
    expect(ports.api).toBe(8082);
    expect(notes).toEqual(['Port 8080 is taken by process 80800 (nginx); 8082 is used instead (HORTUS_PORT).']);
  });

  it('does not move one program to the default of another', async () => {
    const { ports } = await plan([9080]);
    expect(ports.apiAdmin).toBe(9082);
    expect(ports.workerAdmin).toBe(9081);
  });

  it('makes way for a port that a person has set', async () => {
    const { ports, notes } = await plan([], { api: 9080 });
    expect(ports).toMatchObject({ api: 9080, apiAdmin: 9082 });
    expect(notes).toEqual(['Port 9080 is taken by this start; 9082 is used instead (HORTUS_API_ADMIN_PORT).']);
  });

  it('refuses a set port that is taken, naming variable, port and holder', async () => {
    await expect(plan([4000], { api: 4000 })).rejects.toThrow(
      'Port 4000 (HORTUS_PORT) cannot be used: process 40000 (nginx) has it.',
    );
  });

  it('refuses the same port twice', async () => {
    await expect(plan([], { api: 4000, postgres: 4000 })).rejects.toThrow(
      'HORTUS_POSTGRES_PORT and HORTUS_PORT are both 4000.',
    );
  });
});
