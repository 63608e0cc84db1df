import { describe, expect, it } from '@jest/globals';
import { requestUrl } from './request-url.ts';

describe('requestUrl', () => {
  it('fills and escapes path parameters', () => {
    expect(requestUrl('/api/v1/artifacts/:id/original', { params: { id: 'a/b' } })).toBe(
      '/api/v1/artifacts/a%2Fb/original',
    );
  });

  it('appends the query, repeats lists and leaves undefined values out', () => {
    const url = requestUrl('/api/v1/artifacts', {
      querystring: { limit: 20, cursor: undefined, tag: ['fern', 'moss'] },
    });
    expect(url).toBe('/api/v1/artifacts?limit=20&tag=fern&tag=moss');
  });

  it('throws where a path parameter is missing', () => {
    expect(() => requestUrl('/api/v1/artifacts/:id', {})).toThrow('needs the parameter id');
  });
});
