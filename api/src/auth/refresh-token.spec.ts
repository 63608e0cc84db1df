import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRefresh, readRefreshToken, writeRefreshToken } from './refresh-token.ts';

const key = Buffer.alloc(32, 7);
const token = fc.record({ sessionId: fc.uuid(), userId: fc.uuid(), counter: fc.nat({ max: 2 ** 48 - 1 }) });

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
    const written = { sessionId: crypto.randomUUID(), userId: crypto.randomUUID(), counter: 5 };
    const bytes = Buffer.from(writeRefreshToken(key, written), 'base64url');
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

interface Flight {
  readonly presented: number;
  readonly isOrphan: boolean;
  /** Undefined until the request has reached the server. */
  readonly answer?: number | null;
}

/** Does one of the things that can happen next, as a number chooses. */
class Browser {
  jar = 0;
  wasSignedOut = false;
  readonly session: Session;
  #flights: Flight[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  step(choice: number): void {
    const events = [...this.#events()];
    events[choice % events.length]?.();
  }

  *#events(): Generator<() => void> {
    const isLocked = this.#flights.some(({ isOrphan }) => !isOrphan);
    const late = this.#flights.find(({ isOrphan, answer }) => isOrphan && answer === undefined);
    if (!isLocked) {
      yield () => {
        if (late !== undefined && late.presented < this.jar) this.#reach(late);
        this.#flights.push({ presented: this.jar, isOrphan: false });
      };
    }
    for (const flight of this.#flights) {
      if (flight.answer === undefined) {
        yield () => {
          this.#reach(flight);
        };
      } else {
        yield () => {
          this.#arrive(flight);
        };
      }
      // Lost on the way: the tab lets the lock go, and asks again later.
      yield () => {
        this.#replace(flight);
      };
      if (!flight.isOrphan && late === undefined) {
        yield () => {
          this.#replace(flight, { ...flight, isOrphan: true });
        };
      }
    }
  }

  #replace(flight: Flight, ...by: Flight[]): void {
    this.#flights = this.#flights.flatMap((one) => (one === flight ? by : [one]));
  }

  #reach(flight: Flight): void {
    this.#replace(flight, { ...flight, answer: this.session.refresh(flight.presented) });
  }

  #arrive(flight: Flight): void {
    this.#replace(flight);
    if (flight.answer === null) this.wasSignedOut = true;
    // The jar takes what comes last, also from an orphan.
    else if (flight.answer !== undefined) this.jar = flight.answer;
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
   * One browser: a cookie jar, and tabs that take turns by a Web Lock. A tab holds the lock until its answer has come or its
   * request has failed, at any moment of the way; one that is closed lets the lock go while its request lives on (an
   * orphan), which may still reach the server and whose answer may still be written to the jar, or not. An orphan reaches
   * the server before the second refresh after it: a tab asks once in ten minutes.
   */
  it('signs no good browser out, however many tabs ask, are closed, and whichever requests and answers are lost', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 120 }), (choices) => {
        const browser = new Browser(new Session());
        for (const choice of choices) browser.step(choice);
        expect(browser.wasSignedOut).toBe(false);
        expect(browser.session.isAlive).toBe(true);
        expect(browser.session.counter - browser.jar).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5000 },
    );
  });

  it('finds a thief out: once owner or thief asks after the other has moved twice, nobody is signed in any more', () => {
    const who = fc.array(fc.constantFrom('owner', 'thief'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.nat({ max: 5 }), who, (before, turns) => {
        const session = new Session();
        for (let count = 0; count < before; count += 1) session.refresh(session.counter);
        const jars = { owner: session.counter, thief: session.counter };
        let isFoundOut = false;
        for (const turn of turns) {
          const isReplay = session.counter - jars[turn] >= 2;
          const answer = session.refresh(jars[turn]);
          isFoundOut ||= isReplay;
          expect(answer === null).toBe(isFoundOut);
          if (answer !== null) jars[turn] = answer;
        }
        expect(session.isAlive).toBe(!isFoundOut);
        // Either of them two in a row, and then the other: it does not go on unseen.
        const moves = turns.join(' ');
        if (/owner owner owner.* thief|thief thief thief.* owner/.test(moves)) expect(isFoundOut).toBe(true);
      }),
      { numRuns: 2000 },
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
