import { afterEach, describe, expect, it, jest } from '@jest/globals';
import bcrypt from 'bcrypt';
import { WAITING_MAX, createPasswordHasher } from './password.ts';

const COST_MIN = 12;

describe('a password', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is told from one that differs behind byte 72 only, which bcrypt alone drops', async () => {
    const hasher = createPasswordHasher();
    const hash = await hasher.hash(`${'ü'.repeat(127)}a`);
    expect(bcrypt.getRounds(hash)).toBeGreaterThanOrEqual(COST_MIN);
    expect(await hasher.verify(`${'ü'.repeat(127)}a`, hash)).toBe(true);
    expect(await hasher.verify(`${'ü'.repeat(127)}b`, hash)).toBe(false);
  });

  it('costs the same work where nobody has the address, from the first time on, and never matches', async () => {
    const hash = jest.spyOn(bcrypt, 'hash');
    const compare = jest.spyOn(bcrypt, 'compare');
    expect(await createPasswordHasher().verify('a password', null)).toBe(false);
    expect(hash).not.toHaveBeenCalled();
    expect(compare).toHaveBeenCalledTimes(1);
    const against = String(compare.mock.calls[0]?.[1]);
    expect(bcrypt.getRounds(against)).toBeGreaterThanOrEqual(COST_MIN);
    // bcrypt answers at once, without the work, where the hash has not its form: it begins with what it was given.
    expect((await bcrypt.hash('x', against.slice(0, 29))).slice(0, 28)).toBe(against.slice(0, 28));
    expect(against).toHaveLength(60);
  });

  it('is checked for two people at once at the most, so that a burst leaves threads for files', async () => {
    let running = 0;
    let most = 0;
    jest.spyOn(bcrypt, 'compare').mockImplementation((async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return true;
    }) as never);
    const hasher = createPasswordHasher();
    const answers = await Promise.all(Array.from({ length: 10 }, () => hasher.verify('a password', 'hash')));
    expect(answers).toEqual(Array.from({ length: 10 }, () => true));
    expect(most).toBe(2);
  });

  it('is refused, and costs nothing, when too many wait already', async () => {
    const gate = Promise.withResolvers<undefined>();
    const compare = jest.spyOn(bcrypt, 'compare').mockImplementation((async () => {
      await gate.promise;
      return true;
    }) as never);
    const hasher = createPasswordHasher();
    const taken = Array.from({ length: WAITING_MAX + 2 }, () => hasher.verify('a password', 'hash'));
    // What runs is counted apart from what waits, one turn later.
    await new Promise(setImmediate);
    const more = Array.from({ length: 5 }, () => hasher.verify('a password', 'hash'));
    const refused = (await Promise.allSettled(more)).map((one) => one.status === 'rejected' && (one.reason as { code: string }).code); // prettier-ignore
    expect(refused.filter((code) => code === 'UNAVAILABLE').length).toBeGreaterThanOrEqual(3);
    gate.resolve(undefined);
    expect((await Promise.allSettled(taken)).filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(WAITING_MAX); // prettier-ignore
    expect(compare.mock.calls.length).toBeLessThanOrEqual(WAITING_MAX + 4);
    expect(await hasher.verify('a password', 'hash')).toBe(true);
  });
});
