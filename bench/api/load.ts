import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { deriveKeys } from '../../api/src/auth/keys.ts';
import type { LoadPlan, LoadResult } from './load-program.ts';
import type { BenchWorkspace } from './seed.ts';

export const SECRET_KEY = 'secret-key-of-the-bench-of-32-characters-or-more';
/** What all three servers check access tokens with. */
export const JWT_KEY = deriveKeys(SECRET_KEY).accessToken;

function accessToken({ userId, sessionId }: BenchWorkspace): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: userId, sid: sessionId, iss: 'hortus', aud: 'hortus-api', iat: now, exp: now + 24 * 60 * 60 };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_KEY).update(signed).digest('base64url')}`;
}

const tokens = new WeakMap<BenchWorkspace, string>();

/** A request as it goes over the wire. */
export function requestOf(workspace: BenchWorkspace, path: string, body?: object): string {
  const token = tokens.get(workspace) ?? accessToken(workspace);
  tokens.set(workspace, token);
  const json = body === undefined ? '' : JSON.stringify(body);
  return [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${token}`,
    `hortus-workspace: ${workspace.id}`,
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${String(Buffer.byteLength(json))}`]),
    '',
    json,
  ].join('\r\n');
}

/** Sends it from a process of its own. @throws when an answer is not 2xx */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('load-program.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  child.stdin.end(JSON.stringify(plan));
  const said = await text(child.stdout);
  await gone;
  if (said === '') throw new Error('the load ended without a result');
  const result = JSON.parse(said) as LoadResult;
  if (result.failed > 0) throw new Error(`${String(result.failed)} answers failed, the first: ${result.firstFailure}`);
  return result;
}

/** The same choices in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A workspace, each as often as its artifacts are many. */
export function pickWorkspace(workspaces: readonly BenchWorkspace[], random: () => number): BenchWorkspace {
  let left = random();
  for (const workspace of workspaces) {
    left -= workspace.share;
    if (left <= 0) return workspace;
  }
  // What rounding leaves is the last one's.
  const last = workspaces.at(-1);
  if (last === undefined) throw new Error('there is no workspace');
  return last;
}
