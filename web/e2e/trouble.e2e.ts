import { slowUploads } from './network.ts';
import { OWNER } from './people.ts';
import { makePhotograph, makeTruncatedPhotograph } from './pictures.ts';
import { expect, test } from './test.ts';

test('a page that was offline while the gardener worked catches up', async ({
  context,
  signIn,
  artifacts,
  artifact,
  artifactName,
  api,
}) => {
  await signIn.enter(OWNER);
  await artifacts.upload(await makePhotograph(artifactName));
  await artifacts.open(artifactName);
  await expect(artifact.status).toHaveText('Gardening');
  await artifact.mark();
  const id = artifact.id();
  await expect.poll(async () => (await api.find(id))?.original ?? null).not.toBeNull();

  await context.setOffline(true);
  await expect(artifacts.banner).toBeVisible();
  await expect.poll(async () => (await api.find(id))?.status, { timeout: 150_000 }).toBe('ready');
  await expect(artifact.status).toHaveText('Gardening');

  await context.setOffline(false);
  await expect(artifacts.banner).toBeHidden();
  await expect(artifact.status).toHaveText('Ready');
  await artifact.expectShown('avif', 15_000);
  await artifact.expectMark();
});

test('an upload that lost its connection goes on when it is back', async ({
  page,
  signIn,
  artifacts,
  artifactName,
}) => {
  await signIn.enter(OWNER);
  await expect(artifacts.heading).toBeVisible();
  const connection = await slowUploads(page, 60_000);
  const photograph = await makePhotograph(artifactName, 100);
  await artifacts.upload(photograph);
  const upload = artifacts.uploadOf(photograph);
  await expect(upload).toContainText(' of ');
  await connection.cut();
  await expect(upload).toContainText('goes on when the connection is back');
  await connection.end();
  await expect(upload).toContainText('Uploaded');
  await expect(artifacts.tile(artifactName)).toHaveCount(1);
});

test('a cancelled upload leaves nothing behind', async ({ page, signIn, artifacts, artifactName, api }) => {
  await signIn.enter(OWNER);
  await expect(artifacts.heading).toBeVisible();
  await slowUploads(page, 60_000);
  const photograph = await makePhotograph(artifactName, 100);
  await artifacts.upload(photograph);
  const upload = artifacts.uploadOf(photograph);
  await expect(upload).toContainText(' of ');
  await expect(artifacts.tile(artifactName)).toContainText('Uploading');
  await upload.getByRole('button', { name: /^Cancel/ }).click();
  await expect(upload).toHaveCount(0);
  await expect(artifacts.tile(artifactName)).toHaveCount(0);
  expect(await api.findByName(artifactName)).toBeNull();
});

test('a picture that ends too early says so', async ({ page, signIn, artifacts, artifactName }) => {
  await signIn.enter(OWNER);
  await artifacts.upload(await makeTruncatedPhotograph(artifactName));
  const tile = artifacts.tile(artifactName);
  await expect(tile).toContainText('Failed', { timeout: 60_000 });
  await artifacts.open(artifactName);
  const failure = page.getByRole('region', { name: 'This picture could not be made ready' });
  await expect(failure).toContainText('PICTURE_TRUNCATED');
  await expect(failure).toContainText(/\.\s/);
});

test('changes of different fields both hold, without a question', async ({
  page,
  signIn,
  artifacts,
  artifact,
  artifactName,
  api,
}) => {
  await signIn.enter(OWNER);
  await artifacts.upload(await makePhotograph(artifactName));
  await artifacts.open(artifactName);
  await page.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('dialog', { name: 'Edit artifact' });
  await form.getByRole('combobox', { name: 'Tags' }).fill('dune, evening');

  const before = await api.find(artifact.id());
  if (before === null) throw new Error('the artifact is gone');
  await api.rename(before, `${artifactName} by another`);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText('both changes hold')).toBeVisible();
  await expect(page.getByRole('heading', { name: `${artifactName} by another`, level: 1 })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Tags' })).toContainText('evening');

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(artifacts.heading).toBeVisible();
  await expect(artifacts.tile(artifactName)).toHaveCount(0);
});

test('an answer that went wrong is told with its request id, and can be tried again', async ({
  page,
  signIn,
  artifacts,
}) => {
  await page.route('**/api/v1/artifacts?*', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'https://hortus.dev/problems/unavailable',
        title: 'A part of the service is not available right now',
        status: 503,
        code: 'UNAVAILABLE',
        detail: 'The database does not answer. Try again in a moment.',
        requestId: 'req-of-the-test',
      }),
    }),
  );
  await signIn.enter(OWNER);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The database does not answer.');
  await expect(alert).toContainText('req-of-the-test');
  await page.unroute('**/api/v1/artifacts?*');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(artifacts.heading).toBeVisible();
  await expect(page.locator('hortus-artifact-tile').first()).toBeVisible();
});

test('a page that starts while the api is away waits for it, and signs nobody out', async ({
  page,
  signIn,
  artifacts,
}) => {
  await signIn.enter(OWNER);
  await expect(artifacts.heading).toBeVisible();
  await page.route('**/api/v1/auth/refresh', (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('Hortus can’t be reached');
  await page.unroute('**/api/v1/auth/refresh');
  await expect(artifacts.heading).toBeVisible();
});
