import { describe, expect, it } from '@jest/globals';
import { returnAddress } from './return-address.ts';

describe('returnAddress', () => {
  it.each(['/w/acme-corp/artifacts', '/w/acme-corp/artifacts/1?tab=a#b', '/'])('follows the path %s', (path) => {
    expect(returnAddress(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/\n/evil.example',
    'w/acme',
    '',
    null,
    undefined,
  ])('does not follow %j', (address) => {
    expect(returnAddress(address)).toBe('/');
  });

  it('does not lead back to the sign-in page', () => {
    expect(returnAddress('/sign-in?return=%2Fsign-in')).toBe('/');
    expect(returnAddress('/sign-in')).toBe('/');
  });
});
