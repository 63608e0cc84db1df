import type { LiveEvent } from '@hortus/contracts/event-api';
import { ConnectionError, describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { requestHeaders, send } from '../api/request.ts';
import { backoffMs } from './backoff.ts';
import { pauseUntilOnline } from './pause.ts';
import { createSseParser } from './sse-parser.ts';
import type { TokenKeeper } from './token-keeper.ts';

/** The api sends at least a comment every 15 seconds; after three missed ones the connection is taken for dead. */
const SILENCE_MAX_MS = 45_000;
/** A tab that nobody looks at gives its connection back: a browser has six per host, for all tabs together. */
const HIDDEN_MAX_MS = 60_000;

export interface StreamListener {
  connecting(): void;
  connected(resumed: boolean): void;
  received(event: LiveEvent): void;
  lost(): void;
  refused(notice: ErrorNotice): void;
}

/**
 * Keeps the event stream of a workspace open until `signal` aborts. After a lost connection it waits (bounded, jittered, or
 * until the browser is online) and resumes behind the last event that came.
 */
export async function followEvents(
  workspaceId: string,
  tokens: TokenKeeper,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastEventId = '';
  let refusedToken: string | null = null;
  const isOver = (): boolean => signal.aborted;
  for (let attempt = 0; !isOver();) {
    await untilVisible(signal);
    const connection = new AbortController();
    const stopWatching = watchConnection(connection, signal);
    try {
      listener.connecting();
      const token: string = refusedToken === null ? await tokens.accessToken() : await tokens.renew(refusedToken);
      refusedToken = token;
      const body = await openStream(workspaceId, token, lastEventId, connection.signal);
      refusedToken = null;
      listener.connected(lastEventId !== '');
      attempt = 0;
      for await (const message of readMessages(body, connection)) {
        lastEventId = message.lastEventId;
        if (message.event !== null) listener.received(message.event);
      }
    } catch (error) {
      const tokenRefused = isProblem(error, 'TOKEN_INVALID', 'SIGN_IN_REQUIRED');
      if (!tokenRefused) refusedToken = null;
      if (!tokenRefused && isHopeless(error)) {
        if (!isOver()) listener.refused(describeError(error));
        return;
      }
    } finally {
      stopWatching();
      connection.abort();
    }
    if (isOver()) return;
    listener.lost();
    await pauseUntilOnline(backoffMs(attempt, Math.random()), signal);
    attempt += 1;
  }
}

async function openStream(
  workspaceId: string,
  token: string,
  lastEventId: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = { ...requestHeaders(token, { workspaceId }), Accept: 'text/event-stream' };
  const response = await send('/api/v1/events', {
    headers: lastEventId === '' ? headers : { ...headers, 'Last-Event-ID': lastEventId },
    cache: 'no-store',
    signal,
  });
  if (response.body === null) throw new ConnectionError('The event stream has no body.');
  return response.body;
}

interface StreamMessage {
  /** Null for a message that only says where the stream is. */
  readonly event: LiveEvent | null;
  readonly lastEventId: string;
}

async function* readMessages(
  body: ReadableStream<Uint8Array>,
  connection: AbortController,
): AsyncGenerator<StreamMessage, void> {
  const parser = createSseParser();
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
    const silence = setTimeout(() => {
      connection.abort();
    }, SILENCE_MAX_MS);
    const { done, value } = await reader.read().finally(() => {
      clearTimeout(silence);
    });
    if (done) return;
    const messages = parser.push(value);
    const lastEventId = parser.lastEventId();
    if (messages.length === 0) yield { event: null, lastEventId };
    for (const { data } of messages) yield { event: JSON.parse(data) as LiveEvent, lastEventId };
  }
}

/** Ends the connection when the page is left, the network is gone, or nobody has looked at the page for a while. */
function watchConnection(connection: AbortController, signal: AbortSignal): () => void {
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  const abort = (): void => {
    connection.abort();
  };
  const onVisibility = (): void => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(abort, HIDDEN_MAX_MS);
  };
  signal.addEventListener('abort', abort);
  addEventListener('offline', abort);
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    clearTimeout(hiddenTimer);
    signal.removeEventListener('abort', abort);
    removeEventListener('offline', abort);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}

async function untilVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    document.addEventListener('visibilitychange', end);
    signal.addEventListener('abort', end);
    end();
  });
}

/** The api answered that this person has nothing to see here, or is not signed in any more. */
function isHopeless(error: unknown): boolean {
  return isProblem(
    error,
    'REQUEST_INVALID',
    'WORKSPACE_REQUIRED',
    'WORKSPACE_NOT_FOUND',
    'NOT_FOUND',
    'SESSION_ENDED',
    'ROLE_TOO_LOW',
  );
}
