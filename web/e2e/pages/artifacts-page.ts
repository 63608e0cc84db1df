import type { Locator, Page } from '@playwright/test';
import type { UploadFile } from '../pictures.ts';

export class ArtifactsPage {
  readonly heading: Locator;
  readonly search: Locator;
  /** How many artifacts the list has. */
  readonly count: Locator;
  readonly uploads: Locator;
  readonly banner: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole('heading', { name: 'Artifacts', exact: true });
    this.search = page.getByRole('searchbox', { name: 'Search artifacts' });
    this.count = page.getByRole('status').filter({ hasText: /^[\d,]+( and more)? artifacts$/ });
    this.uploads = page.getByRole('region', { name: 'Uploads' });
    this.banner = page.getByText('You are offline.');
  }

  tile(name: string): Locator {
    return this.#page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: this.#page.getByRole('link', { name }) });
  }

  async upload(...files: UploadFile[]): Promise<void> {
    await this.#page
      .getByRole('banner')
      .getByLabel('Files to upload')
      .setInputFiles(files.map((file) => ({ ...file })));
  }

  /** Lets files fall on the page, as a drag from the desktop does. */
  async drop(...files: UploadFile[]): Promise<void> {
    const transfer = await this.#page.evaluateHandle(
      (dropped) => {
        const data = new DataTransfer();
        for (const { name, mimeType, base64 } of dropped) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          data.items.add(new File([bytes], name, { type: mimeType }));
        }
        return data;
      },
      files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') })),
    );
    await this.#page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await this.#page.getByText('Drop to upload').waitFor();
    await this.#page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  }

  uploadOf(file: UploadFile): Locator {
    return this.uploads.getByRole('listitem').filter({ hasText: file.name });
  }

  async open(name: string): Promise<void> {
    await this.tile(name).getByRole('link', { name }).click();
    await this.#page.getByRole('heading', { name, level: 1 }).waitFor();
  }
}
