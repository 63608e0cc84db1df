import { expect, type Locator, type Page } from '@playwright/test';

export class ArtifactPage {
  readonly status: Locator;
  readonly saved: Locator;
  readonly run: Locator;
  readonly variants: Locator;
  readonly picture: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.status = page.getByRole('region', { name: 'Garden' }).getByRole('status');
    this.saved = page.getByRole('region', { name: 'What was saved' });
    this.run = page.getByRole('link', { name: 'See the run in Temporal' });
    this.variants = page.getByRole('table', { name: 'Variants by width and format' });
    this.picture = page.locator('hortus-artifact-picture img.picture');
  }

  /** The id in the address. */
  id(): string {
    const id = /\/artifacts\/([0-9a-f-]{36})/.exec(this.#page.url())?.[1];
    if (id === undefined) throw new Error(`${this.#page.url()} is not the page of an artifact`);
    return id;
  }

  /** Which format the browser shows, once it is loaded; empty while there is none. */
  async shownFormat(): Promise<string> {
    if ((await this.picture.count()) === 0) return '';
    return this.picture.evaluate((img: HTMLImageElement) =>
      img.complete && img.naturalWidth > 0 ? (/\.(\w+)\?/.exec(img.currentSrc)?.[1] ?? '') : '',
    );
  }

  async expectShown(format: 'webp' | 'avif', timeoutMs: number): Promise<void> {
    await expect.poll(() => this.shownFormat(), { timeout: timeoutMs }).toBe(format);
  }

  /** Leaves a mark in the page that a reload would wipe. */
  async mark(): Promise<void> {
    await this.#page.evaluate(() => {
      document.body.dataset['mark'] = 'here';
    });
  }

  async expectMark(): Promise<void> {
    await expect(this.#page.locator('body')).toHaveAttribute('data-mark', 'here');
  }
}
