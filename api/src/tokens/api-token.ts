import { API_TOKEN_START } from '@hortus/contracts/token-api';
import { makeWorkspaceSecret, readWorkspaceSecret, type WorkspaceSecret } from './workspace-secret.ts';

/** Enough to tell tokens apart, and next to nothing of the secret. */
const PREFIX_LENGTH = API_TOKEN_START.length + 6;

export interface ApiTokenSecret extends WorkspaceSecret {
  readonly prefix: string;
}

function withPrefix(secret: WorkspaceSecret): ApiTokenSecret {
  return { ...secret, prefix: secret.text.slice(0, PREFIX_LENGTH) };
}

export function makeApiToken(workspaceId: string): ApiTokenSecret {
  return withPrefix(makeWorkspaceSecret(API_TOKEN_START, workspaceId));
}

/** Null where the text has not the form of an API token. */
export function readApiToken(text: string): ApiTokenSecret | null {
  const secret = readWorkspaceSecret(API_TOKEN_START, text);
  return secret === null ? null : withPrefix(secret);
}

export function isApiTokenText(text: string): boolean {
  return text.startsWith(API_TOKEN_START);
}
