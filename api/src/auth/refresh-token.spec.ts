import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRefresh, readRefreshToken, writeRefreshToken } from './refresh-token.ts';

const key = Buffer.alloc(32, 7);
const token = fc.record({ sessionId: fc.uuid(), counter: fc.nat({ max: 2 ** 48 - 1 }) });

describe('a refresh token', () => {
  it('says what was written, by the same key only', () => {
    fc.assert(
      fc.property(token, (written) => {
        const text = writeRefreshToken(key, written);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(readRefreshToken(key, text)).toEqual(written);
        expect(readRefreshToken(randomBytes(32), text)).toBeNull();
      }),
    );
  });

  it('says nothing once any of its bits is another', () => {
    const bytes = Buffer.from(writeRefreshToken(key, { sessionId: crypto.randomUUID(), counter: 5 }), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const tampered = Buffer.from(bytes);
      tampered.writeUInt8(tampered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readRefreshToken(key, tampered.toString('base64url'))).toBeNull();
    }
  });

  it('has one text: none with a character more, less or other is taken', () => {
    fc.assert(
      fc.property(token, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (written, at, character) => {
        const text = writeRefreshToken(key, written);
        const index = at % text.length;
        const others = [
          `${text.slice(0, index)}${character}${text.slice(index)}`,
          `${text.slice(0, index)}${text.slice(index + 1)}`,
          ...(text[index] === character ? [] : [`${text.slice(0, index)}${character}${text.slice(index + 1)}`]),
          `${text}=`,
        ];
        for (const other of others) expect(readRefreshToken(key, other)).toBeNull();
      }),
    );
  });

  it('is none of the texts that anybody else writes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        expect(readRefreshToken(key, text)).toBeNull();
      }),
    );
  });
});

/** The server's side of a session, as auth-service plays it. */
class Session {
  counter = 0;
  isAlive = true;

  /** The next token's counter, or null when the session is over. */
  refresh(presented: number): number | null {
    if (!this.isAlive) return null;
    const decision = decideRefresh(presented, this.counter);
    if (decision === 'end') this.isAlive = false;
    if (decision === 'move') this.counter += 1;
    return this.isAlive ? this.counter : null;
  }
}

describe('the rule of refreshing', () => {
  it('moves, repeats or ends as a token is behind by 0, 1 or more', () => {
    const current = fc.integer({ min: 2, max: 2 ** 48 });
    fc.assert(
      fc.property(
        current,
        fc.integer({ min: 2, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (now, behind, ahead) => {
          expect(decideRefresh(now, now)).toBe('move');
          expect(decideRefresh(now - 1, now)).toBe('repeat');
          expect(decideRefresh(now - behind, now)).toBe('end');
          expect(decideRefresh(now + ahead, now)).toBe('end');
        },
      ),
    );
  });

  /*
   * A browser has one cookie jar for all its tabs, and an answer that arrives writes to it. Tabs take turns (Web Locks), but
   * a tab that is closed in mid-request gives its turn back while its request is still on the way: the next tab sends the
   * same cookie. So at most two requests with one cookie are on the way, and any answer may be lost.
   */
  it('signs no good browser out, however many tabs ask and whichever answers are lost', () => {
    const step = fc.record({
      tabs: fc.integer({ min: 1, max: 5 }),
      /** Which answers arrive, and in which order they are written. */
      arrives: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const session = new Session();
        let jar = 0;
        for (const { tabs, arrives, order } of steps) {
          const presented = jar;
          const answers = Array.from({ length: tabs }, () => session.refresh(presented));
          expect(answers).not.toContain(null);
          for (const index of order) {
            const answer = answers[index];
            if (answer !== undefined && answer !== null && arrives[index] === true) jar = answer;
          }
        }
        expect(session.isAlive).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('catches every replay of a token that is behind by two or more, whoever moved on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (moves, old) => {
        const session = new Session();
        const given = [0];
        for (let count = 0; count < moves; count += 1) given.push(session.refresh(session.counter) ?? -1);
        const stolen = given[old % (moves - 1)] ?? 0;
        expect(session.counter - stolen).toBeGreaterThanOrEqual(2);
        expect(session.refresh(stolen)).toBeNull();
        // The good user is signed out as well: it is not known which of the two is the thief.
        expect(session.refresh(session.counter)).toBeNull();
      }),
    );
  });
});
