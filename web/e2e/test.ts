import { test as base } from '@playwright/test';
import { Api } from './api.ts';
import { OWNER } from './people.ts';
import { uniqueName } from './pictures.ts';
import { ArtifactPage } from './pages/artifact-page.ts';
import { ArtifactsPage } from './pages/artifacts-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';

interface Fixtures {
  /** The api as the owner of Acme Corp. */
  readonly api: Api;
  /** A name for an artifact; what carries it is deleted after the test. */
  readonly artifactName: string;
  readonly signIn: SignInPage;
  readonly artifacts: ArtifactsPage;
  readonly artifact: ArtifactPage;
}

export const test = base.extend<Fixtures>({
  api: async ({ baseURL }, use) => {
    const api = await Api.signIn(baseURL ?? '', OWNER);
    await use(api);
    await api.close();
  },
  artifactName: async ({ api }, use, info) => {
    const name = uniqueName(info.title.split(' ').slice(0, 2).join(' '));
    await use(name);
    await api.deleteByName(name);
  },
  signIn: async ({ page }, use) => {
    await use(new SignInPage(page));
  },
  artifacts: async ({ page }, use) => {
    await use(new ArtifactsPage(page));
  },
  artifact: async ({ page }, use) => {
    await use(new ArtifactPage(page));
  },
});

export { expect } from '@playwright/test';
