import type { Page } from '@playwright/test';

/** What a test does to the uploads of a page. */
export interface SlowUploads {
  /** The connection is lost. Through the same session, since the limit of one overrides the offline of another. */
  cut(): Promise<void>;
  /** The connection is there, and as fast as it was. */
  end(): Promise<void>;
}

/** Slows the uploads of a page down, so that a test can act in the middle of one. */
export async function slowUploads(page: Page, bytesPerSecond: number): Promise<SlowUploads> {
  const session = await page.context().newCDPSession(page);
  const limit = async (conditions: { offline: boolean; uploadThroughput: number }): Promise<void> => {
    await session.send('Network.emulateNetworkConditions', { latency: 0, downloadThroughput: -1, ...conditions });
  };
  await limit({ offline: false, uploadThroughput: bytesPerSecond });
  return {
    cut: () => limit({ offline: true, uploadThroughput: bytesPerSecond }),
    async end() {
      await limit({ offline: false, uploadThroughput: -1 });
      await session.detach();
    },
  };
}
