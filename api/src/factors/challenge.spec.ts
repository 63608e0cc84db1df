import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHALLENGE_LIFETIME_MS, createChallenges } from './challenge.ts';

const key = Buffer.alloc(32, 7);
const claims = { userId: randomUUID(), passwordMark: 'mark' };

describe('a challenge', () => {
  it('says for five minutes what was claimed', () => {
    let nowMs = 1000;
    const challenges = createChallenges(key, () => nowMs);
    const { challenge, expiresAt } = challenges.issue('second factor', claims);
    expect(Date.parse(expiresAt)).toBe(1000 + CHALLENGE_LIFETIME_MS);
    nowMs += CHALLENGE_LIFETIME_MS - 1;
    expect(challenges.read('second factor', challenge)).toMatchObject({ claims, expiresAt: new Date(expiresAt) });
    nowMs += 1;
    expect(challenges.read('second factor', challenge)).toBeNull();
  });

  it('is for one purpose', () => {
    const challenges = createChallenges(key);
    const { challenge } = challenges.issue('passkey registration', { userId: claims.userId });
    expect(challenges.read('passkey registration', challenge)).not.toBeNull();
    for (const purpose of ['second factor', 'passkey sign-in', 'provider sign-in'] as const) {
      expect(challenges.read(purpose, challenge)).toBeNull();
    }
  });

  it('is each time another one, with a name of its own', () => {
    const challenges = createChallenges(key);
    const texts = Array.from({ length: 50 }, () => challenges.issue('passkey sign-in', {}).challenge);
    expect(new Set(texts).size).toBe(50);
    expect(new Set(texts.map((text) => challenges.read('passkey sign-in', text)?.sha256)).size).toBe(50);
  });

  it('is none of ours when it is of another key, or written another way', () => {
    const challenges = createChallenges(key);
    const { challenge } = challenges.issue('passkey sign-in', {});
    expect(createChallenges(randomBytes(32)).read('passkey sign-in', challenge)).toBeNull();
    for (const text of [`${challenge}=`, `${challenge} `, ` ${challenge}`, challenge.slice(1), `${challenge}A`]) {
      expect(challenges.read('passkey sign-in', text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        expect(challenges.read('passkey sign-in', text)).toBeNull();
      }),
    );
  });
});
