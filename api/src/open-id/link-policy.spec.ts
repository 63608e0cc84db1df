import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideLink, type LinkDecision, type LinkQuestion } from './link-policy.ts';

const nobody: LinkQuestion = {
  ownerId: null,
  linkToId: null,
  isEmailVerified: false,
  addresseeId: null,
  mayRegister: false,
};

describe('an identity at a provider', () => {
  it.each<[string, Partial<LinkQuestion>, LinkDecision]>([
    ['that is known signs its person in', { ownerId: 'a' }, { kind: 'enter', userId: 'a' }],
    ['that is known does so whatever its address', { ownerId: 'a', addresseeId: 'b', isEmailVerified: true }, { kind: 'enter', userId: 'a' }], // prettier-ignore
    ['with a verified address is linked to its person', { addresseeId: 'b', isEmailVerified: true }, { kind: 'link', userId: 'b' }], // prettier-ignore
    ['with an address that is not verified gets nothing', { addresseeId: 'b', mayRegister: true }, { kind: 'refuse', code: 'PROVIDER_ADDRESS_UNVERIFIED' }], // prettier-ignore
    ['of nobody makes an account where that is open', { isEmailVerified: true, mayRegister: true }, { kind: 'register' }], // prettier-ignore
    ['of nobody makes none where it is not', { isEmailVerified: true }, { kind: 'refuse', code: 'PROVIDER_ACCOUNT_UNKNOWN' }], // prettier-ignore
    ['is linked to whoever asks while signed in', { linkToId: 'c', addresseeId: 'b', isEmailVerified: true }, { kind: 'link', userId: 'c' }], // prettier-ignore
    ['that is theirs already stays theirs', { linkToId: 'c', ownerId: 'c' }, { kind: 'enter', userId: 'c' }],
    ['of somebody else is linked to nobody', { linkToId: 'c', ownerId: 'a' }, { kind: 'refuse', code: 'IDENTITY_TAKEN' }], // prettier-ignore
  ])('%s', (_name, question, decision) => {
    expect(decideLink({ ...nobody, ...question })).toEqual(decision);
  });

  it('never leads to a person by an address that is not verified', () => {
    const id = fc.option(fc.constantFrom('a', 'b', 'c'));
    const question = fc.record({
      ownerId: id,
      linkToId: id,
      addresseeId: id,
      mayRegister: fc.boolean(),
      isEmailVerified: fc.constant(false),
    });
    fc.assert(
      fc.property(question, (asked) => {
        const decision = decideLink(asked);
        expect(decision.kind).not.toBe('register');
        if ('userId' in decision) expect([asked.ownerId, asked.linkToId]).toContain(decision.userId);
      }),
    );
  });
});
