import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeApiToken, readApiToken } from './api-token.ts';

describe('an API token', () => {
  it('says its workspace, and is read as it was made', () => {
    const workspaceId = randomUUID();
    const token = makeApiToken(workspaceId);
    expect(token.text).toMatch(/^hortus_[A-Za-z0-9_-]{64}$/);
    expect(token.workspaceId).toBe(workspaceId);
    expect(token.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(token.text.startsWith(token.prefix)).toBe(true);
    expect(token.prefix).toHaveLength(13);
    expect(readApiToken(token.text)).toEqual(token);
  });

  it('is another each time, and shows nothing of the workspace in its prefix', () => {
    const workspaceId = randomUUID();
    const tokens = Array.from({ length: 50 }, () => makeApiToken(workspaceId));
    expect(new Set(tokens.map(({ sha256 }) => sha256)).size).toBe(50);
    expect(new Set(tokens.map(({ prefix }) => prefix)).size).toBe(50);
  });

  it('has one form and no other', () => {
    const { text } = makeApiToken(randomUUID());
    for (const other of [
      '',
      'hortus_',
      text.slice(0, -1),
      `${text}A`,
      ` ${text}`,
      text.toUpperCase(),
      `${text.slice(0, -1)}=`,
    ]) {
      expect(readApiToken(other)).toBeNull();
    }
  });
});
