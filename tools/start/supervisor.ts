import type { WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../processes/process-identity.mjs';
import { startProgram, type ProgramCommand, type ProgramExit, type RunningProgram } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { formatLogLine, type LogForm, type OutputLine } from '../terminal/log-line.ts';
import { UserError } from '../terminal/user-error.ts';
import { logPath, openLogFile } from './log-file.ts';
import { planRestart } from './restart-policy.ts';

// The life of a supervised program:
//   starting  → ready      when `isReady` holds within the bound
//   starting  → failed     when it exits or stays unready: the start as a whole ends, with the program's last words
//   ready     → waiting    when it exits unasked; after the policy's delay → restarting
//   restarting → ready     or → waiting again, each time counted by the policy
//   waiting   → given up   when the policy says so: everything is stopped
//   any       → stopped    by `stop()`, what stands on others first; nothing is restarted from then on

export interface SupervisedProgram {
  /** Names the log file and begins each line on the terminal. */
  readonly name: string;
  readonly form: LogForm;
  /** Called before each start and restart: what must be looked at or made first, and the command. */
  prepare(): Promise<ProgramCommand>;
  isReady(program: RunningProgram): Promise<boolean>;
  /** Programs of a higher rank stand on those of a lower one, so they are stopped first. */
  readonly rank: number;
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  /** What a person can do when it fails while starting; a sentence. */
  readonly advice?: string;
  /** Default 60 s; the first build of the web app takes longer on a small machine. */
  readonly readyTimeoutMs?: number;
}

export interface SupervisorOptions {
  readonly logsFolder: string;
  /** A line for the person. */
  readonly print: (line: string) => void;
  /** Called at once whenever a process began or ended. */
  readonly onChildren: (children: readonly ({ name: string } & ProcessIdentity)[]) => void;
  /** A program cannot be kept running. */
  readonly onGiveUp: (error: UserError) => void;
}

const READY_TIMEOUT_MS = 60_000;
const TAIL_LINES = 40;

interface Entry {
  readonly program: SupervisedProgram | undefined;
  readonly name: string;
  readonly log: WriteStream;
  readonly tail: OutputLine[];
  readonly deathsMs: number[];
  running: RunningProgram | undefined;
}

/** Starts programs, keeps them running, writes their logs, and stops them in order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #entries: Entry[] = [];
  readonly #stopped = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** @throws UserError with the program's last words when it does not become ready */
  async start(program: SupervisedProgram): Promise<void> {
    const entry = this.#open(program.name, program);
    const running = await this.#launch(entry, await program.prepare(), program.form);
    if (!(await this.#becomesReady(program, running))) {
      const isLate = !running.hasExited();
      const exit = await running.kill();
      throw this.#failure(entry, isLate ? 'late' : exit);
    }
    void this.#keepRunning(entry, program, running);
  }

  /** Runs a program to its end, such as the migrations. @throws UserError with its last words when it fails */
  async run(name: string, form: LogForm, command: ProgramCommand): Promise<void> {
    const entry = this.#open(name, undefined);
    const running = await this.#launch(entry, command, form);
    const exit = await running.exited;
    if (exit.code !== 0) throw this.#failure(entry, exit);
  }

  /** A method, since a compiler takes a property for unchanged across an `await`. */
  isStopping(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Stops everything, the highest rank first. @returns when no process is left */
  async stop(): Promise<void> {
    this.#stopped.abort();
    // What runs only to its end (a build, the migrations) has no rank and goes before all.
    const rank = ({ program }: Entry): number => program?.rank ?? Number.MAX_SAFE_INTEGER;
    for (const entry of this.#entries.toSorted((a, b) => rank(b) - rank(a))) {
      const { program, running } = entry;
      if (running === undefined || running.hasExited()) continue;
      await running.stop(program?.stopSignal ?? 'SIGTERM', program?.stopTimeoutMs ?? 0);
    }
  }

  #open(name: string, program: SupervisedProgram | undefined): Entry {
    const log = openLogFile(this.#options.logsFolder, name);
    const entry: Entry = { name, program, log, tail: [], deathsMs: [], running: undefined };
    this.#entries.push(entry);
    return entry;
  }

  async #launch(entry: Entry, command: ProgramCommand, form: LogForm): Promise<RunningProgram> {
    if (this.isStopping()) throw new UserError('Stopped.');
    const running = await startProgram(command, (line) => {
      entry.log.write(`${line.text}\n`);
      entry.tail.push(line);
      if (entry.tail.length > TAIL_LINES) entry.tail.shift();
      const shown = this.isStopping() ? undefined : formatLogLine(form, line);
      if (shown !== undefined) this.#options.print(`${entry.name.padEnd(8)} │ ${shown}`);
    });
    entry.running = running;
    this.#report();
    void running.exited.then(() => {
      if (entry.running === running) entry.running = undefined;
      this.#report();
    });
    // Stopped between the look above and here.
    if (this.isStopping()) await running.kill();
    return running;
  }

  #report(): void {
    this.#options.onChildren(
      this.#entries.flatMap(({ name, running }) => (running === undefined ? [] : [{ name, ...running.identity }])),
    );
  }

  async #becomesReady(program: SupervisedProgram, running: RunningProgram): Promise<boolean> {
    return waitUntil(
      () => program.isReady(running),
      program.readyTimeoutMs ?? READY_TIMEOUT_MS,
      () => running.hasExited(),
    );
  }

  async #keepRunning(entry: Entry, program: SupervisedProgram, first: RunningProgram): Promise<void> {
    let running: RunningProgram | undefined = first;
    for (;;) {
      const fate = running === undefined ? 'could not be started' : describeExit(await running.exited);
      if (this.isStopping()) return;
      entry.deathsMs.push(performance.now());
      const plan = planRestart(entry.deathsMs, performance.now());
      const log = logPath(this.#options.logsFolder, entry.name);
      if (plan === 'give-up') {
        const count = `${String(entry.deathsMs.length)} times within a few minutes`;
        this.#options.onGiveUp(new UserError(`${entry.name} stopped ${count} (${fate}). Its log is ${log}.`));
        return;
      }
      this.#options.print(
        `${entry.name} stopped unexpectedly (${fate}); it is started again in ${String(plan.delayMs / 1_000)} s. Its log is ${log}.`,
      );
      await sleep(plan.delayMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.isStopping()) return;
      running = await this.#relaunch(entry, program);
    }
  }

  async #relaunch(entry: Entry, program: SupervisedProgram): Promise<RunningProgram | undefined> {
    try {
      const running = await this.#launch(entry, await program.prepare(), program.form);
      if (await this.#becomesReady(program, running)) this.#options.print(`${entry.name} is ready again.`);
      else await running.kill();
      return running;
    } catch (error) {
      if (!this.isStopping())
        this.#options.print(`${entry.name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  #failure(entry: Entry, exit: ProgramExit | 'late'): UserError {
    const { name, program, tail } = entry;
    const seconds = String((program?.readyTimeoutMs ?? READY_TIMEOUT_MS) / 1_000);
    const fate =
      exit === 'late' ? `was not ready within ${seconds} s` : `ended while it started (${describeExit(exit)})`;
    const words = lastWords(program?.form ?? 'json', tail);
    const log = `Its log is ${logPath(this.#options.logsFolder, name)}.`;
    return new UserError(
      [`${name} ${fate}${words === '' ? '.' : `: ${words}`}`, log, program?.advice ?? ''].join(' ').trim(),
    );
  }
}

function describeExit({ code, signal }: ProgramExit): string {
  return signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
}

/** The last complaint that a person would have been shown, else simply the last line. */
function lastWords(form: LogForm, tail: readonly OutputLine[]): string {
  const shown = tail.map((line) => formatLogLine(form, line)).filter((line) => line !== undefined);
  const words = (shown.findLast((line) => line.startsWith('error')) ?? shown.at(-1) ?? tail.at(-1)?.text ?? '').trim();
  return words === '' || words.endsWith('.') ? words : `${words}.`;
}
