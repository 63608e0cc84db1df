import type { Say } from '../terminal/say.ts';
import type { ServersConfig } from './config.ts';

export interface ObtainContext {
  readonly config: ServersConfig;
  readonly say: Say;
  /** Where the binary must lie in the end. A step writes beside it and renames, so that a half-made file is never found. */
  readonly target: string;
}

/** One way to come by a server. */
export interface ObtainStep {
  /** Completes "Trying …". */
  readonly title: string;
  /**
   * @returns the binary: `context.target`, or where the system's own installer has put it
   * @throws Error whose message says in a few words why this way is closed; the next step is tried then
   */
  obtain(context: ObtainContext): Promise<string>;
}
