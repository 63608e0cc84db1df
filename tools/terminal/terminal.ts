import type { Say } from './say.ts';

/** What the terminal needs of a stream: `process.stdout` has it, and so has a list in a test. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Lines that stay, and below them one live line that is rewritten in place. Where nothing can be rewritten (a pipe, a
 * log) the live line is printed now and then instead, so that a long wait never looks like a hang.
 */
export class Terminal {
  readonly #stream: TerminalStream;
  #live = '';
  #quietUntilMs = 0;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
  }

  get isTty(): boolean {
    return this.#stream.isTTY === true;
  }

  line(text: string): void {
    if (!this.isTty) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#stream.write(`\r\x1b[K${text}\n${this.#clip(this.#live)}`);
  }

  /** Replaces the live line; an empty text removes it. */
  live(text: string): void {
    if (this.isTty) {
      this.#live = text;
      this.#stream.write(`\r\x1b[K${this.#clip(text)}`);
      return;
    }
    const nowMs = Date.now();
    if (text === '' || nowMs < this.#quietUntilMs) return;
    // The first live text of a silent stretch is held back: most work is done before it would be worth a line.
    if (this.#quietUntilMs !== 0) this.#stream.write(`${text}\n`);
    this.#quietUntilMs = nowMs + QUIET_INTERVAL_MS;
  }

  /** The voice for a job that runs alone, such as finding a server. */
  say(): Say {
    const say: Say = (line) => {
      this.line(line);
    };
    say.progress = (text) => {
      this.live(`  ${text}`);
    };
    return say;
  }

  #clip(text: string): string {
    // A pseudo-terminal without a size says 0.
    const columns = this.#stream.columns === undefined || this.#stream.columns < 20 ? 80 : this.#stream.columns;
    return text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
  }
}

const QUIET_INTERVAL_MS = 10_000;
