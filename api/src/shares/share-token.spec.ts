import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeShareToken, readShareToken } from './share-token.ts';

describe('the token of a share link', () => {
  it('names its workspace, and is read as it was made', () => {
    const workspaceId = randomUUID();
    const token = makeShareToken(workspaceId);
    expect(token).toEqual({ text: expect.stringMatching(/^[\w-]{54}$/), sha256: expect.any(String), workspaceId });
    expect(readShareToken(token.text)).toEqual(token);
    expect(makeShareToken(workspaceId).text).not.toBe(token.text);
  });

  it('has one form and no other', () => {
    const { text } = makeShareToken(randomUUID());
    for (const other of ['', text.slice(1), `${text}A`, `${text}=`, ` ${text}`, `${text.slice(0, -1)}.`]) {
      expect(readShareToken(other)).toBeNull();
    }
  });
});
