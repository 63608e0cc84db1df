import { describe, expect, it } from '@jest/globals';
import { PASSWORD_LENGTH_MIN } from '@hortus/contracts/auth-api';
import { createPasswordCheck, readCommonPasswords } from './password-policy.ts';

describe('a new password', () => {
  const common = readCommonPasswords();
  const isTooCommon = createPasswordCheck(common);
  const email = 'Ada.Moreau@acme.test';

  it.each([
    'password',
    'PassWord123',
    'P@ssw0rd',
    'qwertyuiop',
    'iloveyou',
    ' letmein123 ',
    '12345678',
    '987654321',
    'aaaaaaaaaa',
    'abababababab',
    'xyz1xyz1xyz1',
    'ghijklmnop',
    'Hortus2026!',
    'h0rtus123',
    'ada.moreau',
    'AdaMoreau99',
    'ada.moreau@acme.test',
  ])('is refused when it is %s', (password) => {
    expect(isTooCommon(password, email)).toBe(true);
  });

  it.each([
    'correct sycamore stapler',
    'a password of the tests',
    'hortus keeps my sycamore',
    'k7#pLw2vQz',
    'moreau likes green walls',
    'ÄpfelUndBirnen',
    '密码密码在花园里的树',
  ])('is taken when it is %s', (password) => {
    expect(isTooCommon(password, email)).toBe(false);
  });

  it('is not compared with an address whose name is too short to tell anything', () => {
    expect(isTooCommon('a sycamore', 'a@acme.test')).toBe(false);
  });

  it('is compared with some thousands, each of which could be a password here', () => {
    expect(common.size).toBeGreaterThan(3000);
    const odd = [...common].filter((line) => line.length < PASSWORD_LENGTH_MIN || line !== line.toLowerCase().trim());
    expect(odd).toEqual([]);
  });
});
