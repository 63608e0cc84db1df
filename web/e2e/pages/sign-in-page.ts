import type { Locator, Page } from '@playwright/test';
import { demoPassword, type DemoPerson } from '../people.ts';

export class SignInPage {
  readonly heading: Locator;
  readonly alert: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole('heading', { name: 'Sign in' });
    this.alert = page.getByRole('alert');
  }

  async fill(email: string, password: string): Promise<void> {
    await this.#page.getByLabel('E-mail address').fill(email);
    await this.#page.getByLabel('Password').fill(password);
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Opens an address as a person who is not signed in yet, and signs in on the way. */
  async enter(person: DemoPerson, address = '/'): Promise<void> {
    await this.#page.goto(address);
    await this.fill(person.email, demoPassword());
    await this.heading.waitFor({ state: 'detached' });
  }
}
