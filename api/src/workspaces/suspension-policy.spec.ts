import { describe, expect, it } from '@jest/globals';
import { ENDPOINTS } from '@hortus/contracts/endpoints';
import { mayWhileSuspended } from './suspension-policy.ts';

describe('a workspace that rests', () => {
  const ofWorkspaces = ENDPOINTS.filter(({ config: { access } }) => access === 'workspace' || access === 'membership');

  it('can be read, and changed by nothing', () => {
    const allowed = ofWorkspaces.filter(({ method, schema }) => mayWhileSuspended(method, schema.operationId));
    const changing = allowed.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
    expect(changing.map(({ schema }) => schema.operationId).sort()).toEqual(['createZipAddress', 'switchWorkspace']);
    const readable = ofWorkspaces.filter(({ method }) => method === 'GET' || method === 'HEAD');
    for (const endpoint of readable) expect(allowed).toContain(endpoint);
  });
});
