import type { Say } from './say.ts';
import type { Terminal } from './terminal.ts';

export interface Step {
  /** For the servers and builds that the step waits for. */
  readonly say: Say;
  /** Ends the step with a line that stays. `detail` is what came of it: an address, a count. */
  done(detail: string): void;
}

/**
 * The steps of a start. They run at the same time where they can, so the number in `[3/7]` counts what is done and
 * is not a place in an order; the live line below shows what is under way and for how long.
 */
export class StepBoard {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #running = new Map<string, { begunAtMs: number; note: string }>();
  #doneCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(terminal: Terminal, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  begin(name: string): Step {
    const state = { begunAtMs: performance.now(), note: '' };
    this.#running.set(name, state);
    if (!this.#isClosed) {
      this.#timer ??= setInterval(() => {
        this.#render();
      }, REFRESH_MS);
    }
    this.#render();
    const say: Say = (line) => {
      this.#terminal.line(`      ${name}: ${line}`);
    };
    say.progress = (text) => {
      state.note = text;
    };
    return {
      say,
      done: (detail) => {
        if (this.#isClosed) return;
        this.#running.delete(name);
        this.#doneCount += 1;
        const count = `[${String(this.#doneCount)}/${String(this.#total)}]`;
        this.#terminal.line(
          `${count} ${name.padEnd(14)} ${formatSeconds(state.begunAtMs).padStart(7)}   ${detail}`.trimEnd(),
        );
        this.#render();
      },
    };
  }

  /** Removes the live line for good: before the ready text, and before an error. Nothing is shown after it. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running.clear();
    this.#terminal.live('');
  }

  #render(): void {
    if (this.#isClosed) return;
    const parts = [...this.#running].map(([name, { begunAtMs, note }]) => {
      return `${name} ${formatSeconds(begunAtMs)}${note === '' ? '' : ` (${note})`}`;
    });
    const count = `[${String(this.#doneCount)}/${String(this.#total)}]`;
    this.#terminal.live(parts.length === 0 ? '' : `${count} … ${parts.join(' · ')}`);
  }
}

const REFRESH_MS = 200;

function formatSeconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`;
}
