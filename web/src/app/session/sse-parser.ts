/** One message of an event stream. */
export interface SseMessage {
  readonly type: string;
  readonly data: string;
}

export interface SseParser {
  /** Takes the next piece of the stream and answers the messages that it completes. */
  push(chunk: string): SseMessage[];
  /** What to resume behind: also an `id` that came without data counts. */
  lastEventId(): string;
}

/**
 * Reads `text/event-stream` as the WHATWG HTML standard says (§9.2.6): lines end by CR, LF or CRLF, also when the pair is
 * split between two chunks; an empty line sends a message; `:` begins a comment; a message without data is none; what is
 * incomplete at the end of the stream is dropped. `retry` is not followed: our own backoff is bounded and jittered.
 */
export function createSseParser(): SseParser {
  let rest = '';
  let first = true;
  let afterCarriageReturn = false;
  let type = '';
  let data: string[] = [];
  let id = '';
  let lastId = '';

  function readLine(line: string): SseMessage | null {
    if (line === '') {
      lastId = id;
      const message = data.length === 0 ? null : { type: type === '' ? 'message' : type, data: data.join('\n') };
      type = '';
      data = [];
      return message;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value;
    return null;
  }

  return {
    push(chunk) {
      let text = chunk;
      if (text === '') return [];
      if (first) {
        first = false;
        if (text.startsWith('\uFEFF')) text = text.slice(1);
      }
      if (afterCarriageReturn && text.startsWith('\n')) text = text.slice(1);
      afterCarriageReturn = text === '' ? afterCarriageReturn : text.endsWith('\r');
      const lines = (rest + text).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? '';
      return lines.map(readLine).filter((message) => message !== null);
    },
    lastEventId: () => lastId,
  };
}
