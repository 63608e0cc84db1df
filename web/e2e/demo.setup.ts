import { expect, test } from '@playwright/test';
import type { Artifact } from '@hortus/contracts/artifact';
import { Api } from './api.ts';
import { OWNER, STRANGER } from './people.ts';

const ARTIFACTS_MIN = 24;

/** The demo is put in behind the ready line; tests of pages that stand still wait for it here. */
for (const person of [OWNER, STRANGER]) {
  test(`the demo of ${person.workspace} grows until all of it is ready`, async ({ baseURL }) => {
    test.setTimeout(15 * 60_000);
    // Signed in anew for each look: it may take longer than an access token is good for.
    const list = async (): Promise<Artifact[]> => {
      const api = await Api.signIn(baseURL ?? '', person);
      const demo = await api.listDemo();
      await api.close();
      return demo;
    };
    let before: string[] = [];
    // Complete: nothing is being made, and nothing was added since the look before.
    const isComplete = async (): Promise<boolean> => {
      const demo = await list();
      const ids = demo.map(({ id }) => id).sort();
      const isStill = ids.join() === before.join() && demo.every(({ status }) => status !== 'gardening');
      before = ids;
      return isStill && ids.length >= ARTIFACTS_MIN;
    };
    await expect.poll(isComplete, { timeout: 14 * 60_000, intervals: [10_000] }).toBe(true);
    expect((await list()).filter(({ status }) => status !== 'ready')).toEqual([]);
  });
}
