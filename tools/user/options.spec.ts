import { describe, expect, it } from '@jest/globals';
import { parseUserOptions } from './options.ts';

describe('the arguments of npm run user', () => {
  it('make a command', () => {
    expect(parseUserOptions(['create', 'ada@acme.test'])).toEqual({
      command: 'create',
      email: 'ada@acme.test',
      displayName: 'ada',
      isAdmin: false,
      isPasswordGiven: false,
    });
    expect(parseUserOptions(['create', 'a@b.test', '--name', 'Ada', '--admin', '--password-stdin'])).toMatchObject({
      displayName: 'Ada',
      isAdmin: true,
      isPasswordGiven: true,
    });
    expect(parseUserOptions(['reset-password', 'a@b.test'])).toMatchObject({ isPasswordGiven: false });
    expect(parseUserOptions(['make-admin', 'a@b.test', '--revoke'])).toMatchObject({ isRevoked: true });
    for (const argv of [['--help'], ['create', '-h'], ['make-admin', '--help']]) {
      expect(parseUserOptions(argv)).toEqual({ command: 'help' });
    }
  });

  it.each([
    [[], /Say create/],
    [['delete', 'a@b.test'], /no command delete/],
    [['create'], /one e-mail address/],
    [['create', 'a@b.test', 'c@d.test'], /one e-mail address/],
    [['create', 'a@b.test', '--password', 'secret'], /--password/],
    [['make-admin', 'a@b.test', '--admin'], /--admin/],
  ])('%j make none, and it says how they would', (argv, message) => {
    expect(() => parseUserOptions(argv)).toThrow(message);
    expect(() => parseUserOptions(argv)).toThrow(/Usage: npm run user/);
  });
});
