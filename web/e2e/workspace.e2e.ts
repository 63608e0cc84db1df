import type { Page } from '@playwright/test';
import type { SignedIn } from '@hortus/contracts/auth-api';
import { OWNER, STRANGER } from './people.ts';
import { expect, test } from './test.ts';

const SECOND = {
  id: '00000000-0000-4000-8000-000000000002',
  slug: 'second-garden',
  name: 'Second Garden',
  role: 'member',
} as const;

/** Nobody in the demo is a member of two workspaces: the browser is told of an empty second one. */
async function joinSecondWorkspace(page: Page): Promise<void> {
  await page.route('**/api/v1/auth/*', async (route) => {
    const response = await route.fetch();
    if (!response.ok() || response.status() === 204) {
      await route.fulfill({ response });
      return;
    }
    const session = (await response.json()) as SignedIn;
    await route.fulfill({ response, json: { ...session, workspaces: [...session.workspaces, SECOND] } });
  });
  await page.route('**/api/v1/artifacts?*', async (route) => {
    if (route.request().headers()['hortus-workspace'] === SECOND.id) {
      await route.fulfill({ json: { items: [], nextCursor: null } });
    } else await route.continue();
  });
}

test('switching to another workspace leaves nothing of the one before on the page', async ({
  page,
  signIn,
  artifacts,
}) => {
  await joinSecondWorkspace(page);
  await signIn.enter(OWNER);
  const tiles = page.locator('hortus-artifact-tile');
  await expect(tiles.first()).toBeVisible();
  await page.getByRole('button', { name: /Workspace Acme Corp/ }).click();
  await page.getByRole('menuitem', { name: SECOND.name }).click();
  await expect(page).toHaveURL(`/w/${SECOND.slug}/artifacts`);
  await expect(page.getByRole('heading', { name: 'An empty sheet' })).toBeVisible();
  await expect(tiles).toHaveCount(0);

  await page.goBack();
  await expect(artifacts.heading).toBeVisible();
  await expect(tiles.first()).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the list goes on as far as there is something, and is where it was after a look at one', async ({
    page,
    signIn,
    artifacts,
    api,
  }) => {
    // Small pages, so that the demo has several.
    await page.route('**/api/v1/artifacts?*', (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/limit=\d+/, 'limit=8'),
      }),
    );
    await signIn.enter(OWNER);
    const total = await api.count();
    const tiles = page.locator('hortus-artifact-grid li');
    await expect(tiles.first()).toBeVisible();
    await expect
      .poll(async () => {
        await tiles.last().scrollIntoViewIfNeeded();
        return Number(await tiles.last().getAttribute('aria-posinset'));
      })
      .toBeGreaterThanOrEqual(total);

    const tile = tiles.last();
    await tile.scrollIntoViewIfNeeded();
    const scrollPx = await page.evaluate(() => scrollY);
    await tile.getByRole('link').click();
    await expect(artifacts.heading).toHaveCount(0);
    await page.goBack();
    await expect(artifacts.heading).toBeVisible();
    await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(Math.round(scrollPx));
  });
});

test('a chosen theme is there before the first paint', async ({ page, signIn }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  const toggle = page.getByRole('button', { name: /^Theme/ });
  await toggle.click();
  await toggle.click();
  await expect(toggle).toHaveAccessibleName('Theme: dark');
  // Without the app's own scripts: only what runs before the first paint is left.
  await page.route(/\/main-.*\.js$/, (route) => route.abort());
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(background).toBe('rgb(18, 21, 18)');
  await expect(signIn.heading).toHaveCount(0);
});

test('the keyboard alone is enough', async ({ page, signIn, artifacts }) => {
  await signIn.enter(STRANGER);
  await expect(page.locator('hortus-artifact-tile').first()).toBeVisible();
  await page.reload();
  await expect(page.locator('hortus-artifact-tile').first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('/');
  await expect(artifacts.search).toBeFocused();
  const tile = page.locator('hortus-artifact-tile').first().getByRole('link');
  await expect
    .poll(async () => {
      await page.keyboard.press('Tab');
      return tile.evaluate((link) => link === document.activeElement);
    })
    .toBe(true);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await expect(page.getByRole('region', { name: 'Selection' })).toContainText('1 selected');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Selection' })).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await expect(tile).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();

  const edit = page.getByRole('button', { name: 'Edit' });
  await edit.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Edit artifact' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(edit).toBeFocused();
});

test('the page of an artifact asks for nothing while only others change', async ({
  page,
  signIn,
  artifacts,
  artifact,
  artifactName,
  api,
}) => {
  await signIn.enter(OWNER);
  await artifacts.upload({
    name: `${artifactName}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from('Prune in March.'),
  });
  await expect(artifacts.tile(artifactName)).toBeVisible();
  await page
    .locator('hortus-artifact-tile')
    .filter({ has: page.locator('img.picture') })
    .last()
    .getByRole('link')
    .click();
  await expect(artifact.variants).toBeVisible();
  const id = artifact.id();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(id)) asked.push(request.url());
  });

  const other = await api.findByName(artifactName);
  if (other === null) throw new Error('the notes are gone');
  await api.rename(other, `${artifactName} in ink`);
  await page.goBack();
  await expect(artifacts.tile(`${artifactName} in ink`)).toBeVisible();
  expect(asked).toEqual([]);
  await api.deleteByName(`${artifactName} in ink`);
});
