import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createGuessGuard } from './guess-guard.ts';
import {
  ACCOUNT_RULE,
  BLOCK_RULE,
  FORGET_AFTER_MS,
  PAIR_RULE,
  addressBlock,
  decideSignIn,
  delayAfterMs,
} from './guess-policy.ts';

const pair = fc.record({
  email: fc.constantFrom('ada@acme.test', 'bob@acme.test', 'eve@acme.test'),
  block: fc.constantFrom('192.0.2.0/24', '198.51.100.0/24', '2001:db8:1::/48'),
});
const step = fc.record({ pair, isRight: fc.boolean(), passedMs: fc.nat({ max: 60_000 }) });

describe('guessing', () => {
  it.each([
    ['a pair', PAIR_RULE],
    ['an account', ACCOUNT_RULE],
    ['an address block', BLOCK_RULE],
  ])('is free at first for %s, then delayed by more each time, up to a limit', (_name, rule) => {
    for (let wrong = 0; wrong < rule.freeGuesses; wrong += 1) expect(delayAfterMs(rule, wrong)).toBe(0);
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (wrong) => {
        expect(delayAfterMs(rule, wrong + 1)).toBeGreaterThanOrEqual(delayAfterMs(rule, wrong));
        expect(delayAfterMs(rule, wrong)).toBeLessThanOrEqual(rule.delayMaxMs);
      }),
    );
    expect(delayAfterMs(rule, rule.freeGuesses + 1)).toBe(2 * delayAfterMs(rule, rule.freeGuesses));
    expect(delayAfterMs(rule, 10_000)).toBe(rule.delayMaxMs);
  });

  it('elsewhere never holds up a pair for longer than the rules of its account and its block say', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), pair, (steps, own) => {
        let nowMs = 0;
        const shared = createGuessGuard(() => nowMs);
        const alone = createGuessGuard(() => nowMs);
        let atAccount = 0;
        let atBlock = 0;
        for (const { pair: at, isRight, passedMs } of steps) {
          nowMs += passedMs;
          const isOwn = at.email === own.email && at.block === own.block;
          for (const guard of isOwn ? [shared, alone] : [shared]) {
            if (isRight) guard.noteRight(at.email, at.block);
            else guard.noteWrong(at.email, at.block);
          }
          if (!isRight && at.email === own.email) atAccount += 1;
          if (!isRight && at.block === own.block) atBlock += 1;
          const longest = Math.max(
            alone.closedForMs(own.email, own.block),
            delayAfterMs(ACCOUNT_RULE, atAccount),
            delayAfterMs(BLOCK_RULE, atBlock),
          );
          const closedForMs = shared.closedForMs(own.email, own.block);
          expect(closedForMs).toBeGreaterThanOrEqual(alone.closedForMs(own.email, own.block));
          expect(closedForMs).toBeLessThanOrEqual(longest);
        }
      }),
    );
  });

  it('at one account from many places closes it to new places for seconds', () => {
    const guard = createGuessGuard(() => 0);
    for (let place = 0; place < ACCOUNT_RULE.freeGuesses + 20; place += 1) {
      guard.noteWrong('ada@acme.test', `198.51.${String(place)}.0/24`);
    }
    expect(guard.closedForMs('ada@acme.test', '192.0.2.0/24')).toBe(ACCOUNT_RULE.delayMaxMs);
    expect(guard.closedForMs('bob@acme.test', '192.0.2.0/24')).toBe(0);
  });

  it('at many accounts from one place closes that place', () => {
    const guard = createGuessGuard(() => 0);
    for (let person = 0; person < BLOCK_RULE.freeGuesses; person += 1) {
      guard.noteWrong(`${String(person)}@acme.test`, '198.51.100.0/24');
    }
    expect(guard.closedForMs('ada@acme.test', '198.51.100.0/24')).toBe(BLOCK_RULE.delayFirstMs);
    expect(guard.closedForMs('ada@acme.test', '192.0.2.0/24')).toBe(0);
  });

  it('never holds up the right password from where the person has signed in before', () => {
    fc.assert(
      fc.property(fc.nat(), (closedForMs) => {
        expect(decideSignIn({ isRight: true, isKnownBlock: true, closedForMs })).toBe('open');
      }),
    );
  });

  it('tells nothing of the password while the pair is closed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.boolean(), (closedForMs, isRight) => {
        expect(decideSignIn({ isRight, isKnownBlock: false, closedForMs })).toBe('wait');
      }),
    );
    expect(decideSignIn({ isRight: false, isKnownBlock: true, closedForMs: 1 })).toBe('wait');
    expect(decideSignIn({ isRight: false, isKnownBlock: true, closedForMs: 0 })).toBe('wrong');
    expect(decideSignIn({ isRight: true, isKnownBlock: false, closedForMs: 0 })).toBe('open');
  });

  it('is forgotten after an hour of quiet, and by the right password', () => {
    let nowMs = 0;
    const guard = createGuessGuard(() => nowMs);
    const guess = (times: number) => {
      for (let count = 0; count < times; count += 1) guard.noteWrong('ada@acme.test', 'b');
    };
    guess(PAIR_RULE.freeGuesses);
    expect(guard.closedForMs('ada@acme.test', 'b')).toBe(delayAfterMs(PAIR_RULE, PAIR_RULE.freeGuesses));
    nowMs += FORGET_AFTER_MS + 1;
    guess(1);
    expect(guard.closedForMs('ada@acme.test', 'b')).toBe(0);
    guess(PAIR_RULE.freeGuesses);
    guard.noteRight('ada@acme.test', 'b');
    guess(1);
    expect(guard.closedForMs('ada@acme.test', 'b')).toBe(0);
  });

  it('takes bounded memory: what was wrong longest ago goes first', () => {
    const guard = createGuessGuard(() => 0, { countsMax: 9 });
    for (const email of ['a', 'b', 'c', 'a', 'd', 'e']) guard.noteWrong(email, 'x');
    expect(guard.size).toBe(9);
    for (let count = 0; count < PAIR_RULE.freeGuesses - 1; count += 1) guard.noteWrong('b', 'x');
    expect(guard.closedForMs('b', 'x')).toBe(0);
  });

  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:0db8:00a1:2::7', '2001:db8:a1::/48'],
    ['2001:db8::7', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['::1', '0:0:0::/48'],
  ])('counts %s as %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });
});
