/** A signal that a time limit ends; `clear` it when it is of no use any more. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time and not the parent. */
  hasPassed(): boolean;
  clear(): void;
}

/**
 * Ends with its parent or after `timeoutMs`, whichever is first. `AbortSignal.any` with `AbortSignal.timeout` would do, but
 * holds the timeout only weakly: once it is collected, it never fires.
 */
export function startDeadline(timeoutMs: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  let hasPassed = false;
  const follow = (): void => {
    controller.abort(parent?.reason);
  };
  const timer = setTimeout(() => {
    hasPassed = true;
    controller.abort(new DOMException(`not done within ${String(timeoutMs)} ms`, 'TimeoutError'));
  }, timeoutMs);
  if (parent?.aborted === true) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    hasPassed: () => hasPassed,
    clear: () => {
      clearTimeout(timer);
      parent?.removeEventListener('abort', follow);
    },
  };
}
