import { OWNER } from './people.ts';
import { expect, test } from './test.ts';

test('the address says what the list shows: a reload gives the same, and Back goes a step back', async ({
  page,
  signIn,
  artifacts,
  api,
}) => {
  await signIn.enter(OWNER);
  const all = await api.count();
  await expect(artifacts.count).toHaveText(`${String(all)} artifacts`);
  await page.keyboard.press('/');
  await page.keyboard.type('ros');
  await expect(page).toHaveURL(/\?q=ros$/);
  await expect(page.locator('mark').first()).toHaveText(/^ros/i);
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('list', { name: 'Kind' }).getByRole('button', { name: 'Pictures' }).click();
  await page.getByRole('button', { name: 'Table' }).click();
  await expect(page).toHaveURL(/\?q=ros&kind=picture&view=table$/);
  const found = await page.getByRole('row').count();
  await page.reload();
  await expect(page.getByRole('row')).toHaveCount(found);
  await expect(artifacts.search).toHaveValue('ros');

  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(artifacts.heading).toHaveCount(0);
  await page.getByRole('link', { name: 'Artifacts', exact: true }).click();
  await expect(page).toHaveURL(/\?q=ros&kind=picture&view=table$/);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\?q=ros&kind=picture$/);
  await page.goBack();
  await expect(page).toHaveURL(/\?q=ros$/);

  await artifacts.search.fill('zzyzx');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(artifacts.count).toHaveText(`${String(all)} artifacts`);
});

test('many are tagged and thrown away at once, and both are undone', async ({
  page,
  signIn,
  artifacts,
  artifactName,
  api,
}) => {
  const names = ['one', 'two', 'three'].map((word) => `${artifactName} ${word}`);
  for (const name of names) await api.create({ name, tags: ['kept'] });
  await signIn.enter(OWNER);
  await artifacts.search.fill(artifactName);
  await expect(artifacts.count).toHaveText('3 artifacts');
  const links = page.locator('hortus-artifact-tile').getByRole('link');
  await page.locator('hortus-artifact-tile').first().getByRole('checkbox').click();
  await links.last().click({ modifiers: ['Shift'] });
  const bar = page.getByRole('region', { name: 'Selection' });
  await expect(bar).toContainText('3 selected');

  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tag 3 artifacts' });
  await dialog.getByRole('combobox', { name: 'Add tags' }).fill('pressed, dried');
  await dialog.getByLabel('kept').check();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  const notes = page.getByRole('list', { name: 'What was done' });
  await expect(notes).toContainText('3 artifacts are tagged anew.');
  await expect(artifacts.tile(`${artifactName} two`)).toContainText('pressed, dried');
  expect((await api.findByName(names[0] ?? ''))?.tags).toEqual(['pressed', 'dried']);
  await notes.getByRole('button', { name: 'Undo' }).click();
  await expect(notes).toContainText('3 artifacts are tagged as before.');
  expect((await api.findByName(names[0] ?? ''))?.tags).toEqual(['kept']);

  await bar.getByRole('button', { name: 'Trash' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await expect(notes).toContainText('3 artifacts are in the trash now.');
  await page.keyboard.press('z');
  await expect(notes).toContainText('3 artifacts are back.');
  await expect(links).toHaveCount(3);
  for (const name of names) await api.deleteByName(name);
});

test('what the api does not do comes back, with the reason', async ({ page, signIn, artifacts, artifactName, api }) => {
  await api.create({ name: artifactName });
  await signIn.enter(OWNER);
  await expect(artifacts.tile(artifactName)).toBeVisible();
  await artifacts.tile(artifactName).getByRole('checkbox').click();
  const notes = page.getByRole('list', { name: 'What was done' });
  const trash = page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Trash' });
  await page.route('**/bulk/trash', (route) => route.abort());
  await trash.click();
  await expect(notes).toContainText('Nothing was moved. Hortus can’t be reached.');
  await expect(artifacts.tile(artifactName)).toBeVisible();
  await page.unroute('**/bulk/trash');

  // Somebody changes it between the look and the request, before the event of that is here.
  await page.route('**/bulk/trash', async (route) => {
    const artifact = await api.findByName(artifactName);
    if (artifact !== null) await api.rename(artifact, `${artifactName} by another`);
    await route.continue();
  });
  await artifacts.tile(artifactName).getByRole('checkbox').click();
  await trash.click();
  await expect(notes).toContainText('1 artifact is left as before, since somebody changed it meanwhile.');
  await expect(artifacts.tile(`${artifactName} by another`)).toBeVisible();
  await api.deleteByName(`${artifactName} by another`);
});

test('an artifact is made, and two who change it at once choose field by field', async ({
  page,
  signIn,
  artifact,
  artifactName,
  api,
}) => {
  await signIn.enter(OWNER);
  await page.locator('hortus-artifact-tile').first().waitFor();
  await page.keyboard.press('n');
  const making = page.getByRole('dialog', { name: 'New artifact' });
  await making.getByRole('button', { name: 'Make' }).click();
  await expect(making.getByRole('alert')).toHaveText('An artifact needs a name.');
  await expect(making.getByLabel('Name')).toBeFocused();
  await making.getByLabel('Name').fill(artifactName);
  await making.getByRole('combobox', { name: 'Tags' }).fill('first');
  await making.getByRole('button', { name: 'Make' }).click();
  await expect(page.getByRole('heading', { name: artifactName, level: 1 })).toBeVisible();

  await page.keyboard.press('e');
  const form = page.getByRole('dialog', { name: 'Edit artifact' });
  await form.getByLabel('Name').fill(`${artifactName} by me`);
  await form.getByRole('combobox', { name: 'Tags' }).fill('second');
  const before = await api.find(artifact.id());
  if (before === null) throw new Error('the artifact is gone');
  await api.rename(before, `${artifactName} by another`);
  await form.getByRole('button', { name: 'Save' }).click();
  const comparison = page.getByRole('dialog', { name: 'Changed by somebody else' });
  await expect(comparison.getByRole('group', { name: 'Name' })).toContainText(`${artifactName} by another`);
  await expect(comparison.getByRole('group', { name: 'Tags' })).toContainText('changed by you only');
  await page.keyboard.press('Escape');
  await expect(form.getByLabel('Name')).toHaveValue(`${artifactName} by me`);
  await form.getByRole('button', { name: 'Save' }).click();
  await comparison.getByRole('group', { name: 'Name' }).getByLabel('Theirs').check();
  await comparison.getByRole('button', { name: 'Save what is chosen' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: `${artifactName} by another`, level: 1 })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Tags' })).toContainText('second');
  await api.deleteByName(`${artifactName} by another`);
});

test('two tags become one, in every page that shows them', async ({ page, signIn, artifactName, api }) => {
  const [from, to] = [`${artifactName} a`.toLowerCase(), `${artifactName} b`.toLowerCase()];
  await api.create({ name: artifactName, tags: [from] });
  await api.create({ name: `${artifactName} 2`, tags: [to] });
  await signIn.enter(OWNER);
  const other = await page.context().newPage();
  await other.goto(`/w/${OWNER.slug}/artifacts?tag=${encodeURIComponent(to)}`);
  await expect(other.locator('hortus-artifact-tile')).toHaveCount(1);

  await page.getByRole('link', { name: 'Tags', exact: true }).click();
  await page.getByLabel('Begins with').fill(from);
  await page.getByRole('button', { name: `Rename ${from}` }).click();
  await page.getByLabel('New name').fill(to);
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(`“${to}” is a tag already, on 1 artifact.`);
  await page.getByRole('button', { name: 'Merge the two' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('No tag begins with that.')).toBeVisible();
  await expect(other.locator('hortus-artifact-tile')).toHaveCount(2);
  await api.deleteByName(`${artifactName} 2`);
});

test('the trash gives back, and deletes for good', async ({ page, signIn, artifactName, api }) => {
  await api.create({ name: artifactName });
  await api.deleteByName(artifactName);
  await signIn.enter(OWNER, `/w/${OWNER.slug}/trash`);
  await page.getByRole('button', { name: `Restore ${artifactName}` }).click();
  await expect(page.getByRole('listitem').filter({ hasText: artifactName })).toHaveCount(0);
  await expect.poll(() => api.findByName(artifactName)).not.toBeNull();

  await api.deleteByName(artifactName);
  await page.getByRole('button', { name: `Delete ${artifactName} for good` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Restore ${artifactName}` })).toHaveCount(0);
});

test('an earlier original comes back', async ({ page, signIn, artifactName, api }) => {
  const { id } = await api.create({ name: artifactName });
  await api.putOriginal(id, 'the first words');
  await api.putOriginal(id, 'the second words, which are more');
  await signIn.enter(OWNER, `/w/${OWNER.slug}/artifacts/${id}`);
  const versions = page.getByRole('list', { name: 'Versions, newest first' });
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await versions.getByRole('button', { name: 'Bring version 1 back' }).click();
  await expect(versions.getByRole('listitem')).toHaveCount(3);
  await expect(versions.getByRole('listitem').first()).toContainText('Current');
  expect((await api.find(id))?.original?.sizeBytes).toBe('the first words'.length);
});

test('a link shows an artifact to anybody, until it is revoked', async ({
  page,
  signIn,
  artifactName,
  api,
  browser,
  baseURL,
}) => {
  const { id } = await api.create({ name: artifactName, description: 'For a guest' });
  await signIn.enter(OWNER, `/w/${OWNER.slug}/artifacts/${id}`);
  const share = page.getByRole('button', { name: 'Share' });
  await share.click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const address = await dialog.getByLabel('The link', { exact: true }).inputValue();

  const context = await browser.newContext({ baseURL: baseURL ?? '' });
  const guest = await context.newPage();
  await guest.goto(address);
  await expect(guest.getByRole('heading', { name: artifactName })).toBeVisible();
  await expect(guest.getByText('For a guest')).toBeVisible();

  await dialog.getByRole('button', { name: /^Revoke/ }).click();
  await expect(dialog.getByRole('heading', { name: 'Links that work' })).toHaveCount(0);
  await guest.reload();
  await expect(guest.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
  await context.close();
  await page.keyboard.press('Escape');
  await expect(share).toBeFocused();
});

test('a grid of a hundred thousand keeps few elements in the document', async ({ page, signIn, artifacts }) => {
  const total = 100_000;
  await page.route('**/api/v1/artifacts?*', async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const from = Number(asked.get('cursor') ?? 0);
    const items = Array.from({ length: Number(asked.get('limit')) }, (_, index) => plant(from + index));
    await route.fulfill({ json: { items, nextCursor: String(from + items.length), total } });
  });
  await signIn.enter(OWNER);
  await expect(artifacts.count).toContainText('100,000');
  const last = page.locator('hortus-artifact-grid li').last();
  for (const target of [300, 900, 1500]) {
    await expect
      .poll(async () => {
        await page.evaluate(() => {
          scrollTo(0, document.documentElement.scrollHeight);
        });
        return Number(await last.getAttribute('aria-posinset'));
      })
      .toBeGreaterThan(target);
    expect(await page.locator('hortus-artifact-grid *').count()).toBeLessThanOrEqual(400);
  }
});

function plant(index: number): object {
  const createdAt = new Date(Date.UTC(2026, 0, 1) - index * 1000).toISOString();
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `Plant ${String(index)}`,
    description: '',
    tags: ['bulk'],
    metadata: {},
    kind: 'picture',
    status: 'ready',
    failure: null,
    original: null,
    picture: {
      widthPx: 800 + ((index * 7) % 5) * 200,
      heightPx: 1000,
      placeholder: { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', dominantColor: '#aabb99' },
      thumbnail: null,
    },
    revision: 1,
    createdAt,
    updatedAt: createdAt,
  };
}
