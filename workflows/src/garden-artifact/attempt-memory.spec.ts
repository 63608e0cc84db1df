import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ProcessDiedError } from '../child-process.ts';
import { rememberAttempts, type Attempt } from './attempt-memory.ts';

/** The attempts fail on purpose. */
const SILENT = new DefaultLogger('ERROR');

/** Runs one attempt that finds what the one before has left; tells how it ended and what it leaves. */
async function attempt(
  left: unknown,
  work: (attempt: Attempt<string>) => Promise<string>,
): Promise<{ result?: string; error?: unknown; left: unknown }> {
  const environment = new MockActivityEnvironment({ heartbeatDetails: left }, { logger: SILENT });
  let leaves = left;
  environment.on('heartbeat', (details: unknown) => {
    leaves = details;
  });
  try {
    return { result: await environment.run(() => rememberAttempts(work)), left: leaves };
  } catch (error) {
    return { error, left: leaves };
  }
}

describe('what an attempt leaves to the next', () => {
  it('is what it has done', async () => {
    const broken = await attempt(undefined, ({ remember }) => {
      remember('320');
      remember('640');
      return Promise.reject(new Error('the api is away'));
    });
    const next = await attempt(broken.left, ({ done }) => Promise.resolve(done.join()));
    expect(next.result).toBe('320,640');
  });

  it('is no death, however often the attempt fails by itself', async () => {
    let left: unknown;
    for (let count = 0; count < 5; count += 1) {
      left = (await attempt(left, () => Promise.reject(new Error('the api is away')))).left;
    }
    expect((await attempt(left, () => Promise.resolve('made'))).result).toBe('made');
  });

  it('is a death when the process of the encoder died; the second ends it', async () => {
    const died = () => Promise.reject(new ProcessDiedError('by SIGKILL'));
    const once = await attempt(undefined, died);
    expect(once.error).toBeInstanceOf(ProcessDiedError);
    const twice = await attempt(once.left, died);
    expect(twice.error).toMatchObject({ type: 'PICTURE_UNREADABLE', nonRetryable: true });
  });

  it('is a death when the whole worker went down in the middle, and nobody could take it back', async () => {
    let seen: unknown;
    const environment = new MockActivityEnvironment({}, { logger: SILENT });
    environment.on('heartbeat', (details: unknown) => {
      seen ??= details;
    });
    await environment.run(() => rememberAttempts(() => Promise.resolve()));
    expect(seen).toEqual({ done: [], deaths: 1 });
    const third = await attempt({ done: [], deaths: 2 }, () => Promise.resolve('made'));
    expect(third.error).toMatchObject({ type: 'PICTURE_UNREADABLE', nonRetryable: true });
  });
});
