import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
// The other tests change what Acme Corp has, and these pages are to stand still.
import { STRANGER } from './people.ts';
import { expect, test } from './test.ts';

/** Every page, in both themes, on the narrowest screen of WCAG 1.4.10, a phone and a desktop: no finding of axe, and a screenshot to look at. */
const SIZES = [
  { width: 320, height: 700 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

async function look(page: Page, name: string): Promise<void> {
  // Half-faded text has half the contrast: let what moves come to rest.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual(
    [],
  );
  const width = String(page.viewportSize()?.width);
  const overflowPx = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflowPx, `${name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
  const theme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  await page.screenshot({ path: `test-results/screens/${name}-${theme}-${width}.png` });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of SIZES) {
    test.describe(`${colorScheme}, ${String(viewport.width)} px`, () => {
      test.use({ colorScheme, viewport });

      test('every page is sound', async ({ page, signIn, artifacts, artifact }) => {
        await page.goto('/');
        await expect(signIn.heading).toBeVisible();
        await look(page, 'sign-in');

        await signIn.enter(STRANGER);
        await expect(artifacts.heading).toBeVisible();
        await expect(page.locator('hortus-artifact-tile img.picture.loaded').first()).toBeVisible();
        await look(page, 'artifacts');

        const link = page
          .locator('hortus-artifact-tile')
          .filter({ has: page.locator('img.picture') })
          .first()
          .getByRole('link');
        await link.click();
        await expect(artifact.picture).toBeVisible();
        await expect(artifact.variants).toBeVisible();
        await look(page, 'artifact');

        await page.getByRole('button', { name: 'Edit' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await look(page, 'artifact-edit');
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);

        await page.goto(`/w/${STRANGER.slug}/nothing-here`);
        await expect(page.getByRole('heading', { name: 'Nothing grows here' })).toBeVisible();
        await look(page, 'not-found');

        await page.route('**/api/v1/artifacts?*', (route) => route.fulfill({ json: { items: [], nextCursor: null } }));
        await page.goto(`/w/${STRANGER.slug}/artifacts`);
        await expect(page.getByRole('heading', { name: 'An empty sheet' })).toBeVisible();
        await look(page, 'artifacts-empty');
      });

      // Contrast is a matter of the theme, room one of the width: not every pair has something new to say.
      if ((viewport.width === 390) !== (colorScheme === 'dark')) return;

      test('every state of the artifacts is sound', async ({ page, signIn, artifacts }) => {
        await signIn.enter(STRANGER);
        const tiles = page.locator('hortus-artifact-tile');
        await expect(page.locator('img.picture.loaded').first()).toBeVisible();
        await page.getByRole('button', { name: 'Filter' }).click();
        await expect(page.getByRole('list', { name: 'Kind' })).toBeVisible();
        await look(page, 'artifacts-filter');
        await artifacts.search.fill('the');
        await expect(page.locator('mark').first()).toBeVisible();
        await look(page, 'artifacts-search');
        await artifacts.search.fill('zzyzx');
        await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
        await look(page, 'artifacts-no-match');
        await page.getByRole('button', { name: 'Clear search and filters' }).click();
        await page.getByRole('button', { name: 'Filter' }).click();

        await tiles.first().getByRole('checkbox').click();
        await look(page, 'artifacts-selected');
        await page.keyboard.press('t');
        const tags = page.getByRole('combobox', { name: 'Add tags' });
        await tags.fill('new');
        await expect(page.getByRole('option').last()).toBeVisible();
        await look(page, 'artifacts-tag');
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await page.getByRole('button', { name: 'Table' }).click();
        await expect(page.getByRole('table')).toBeVisible();
        await look(page, 'artifacts-table');
        await page.keyboard.press('Escape');

        await page.getByRole('button', { name: 'New', exact: true }).click();
        await page.getByRole('button', { name: 'Make', exact: true }).click();
        await expect(page.getByRole('alert')).toBeVisible();
        await look(page, 'artifact-new');
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await expect(page.getByRole('dialog', { name: 'Keys of this page' })).toBeVisible();
        await look(page, 'keys');
        await page.keyboard.press('Escape');

        await page.goto(`/w/${STRANGER.slug}/tags`);
        await page
          .getByRole('button', { name: /^Rename/ })
          .first()
          .click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await look(page, 'tags');
        await page.goto(`/w/${STRANGER.slug}/trash`);
        await expect(page.getByText('The trash is empty.')).toBeVisible();
        await look(page, 'trash');
        await page.goto('/s#nothing');
        await expect(page.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
        await look(page, 'shared-ended');
      });
    });
  }
}
