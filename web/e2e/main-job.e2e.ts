import { ArtifactPage } from './pages/artifact-page.ts';
import { ArtifactsPage } from './pages/artifacts-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { OWNER, STRANGER, demoPassword } from './people.ts';
import { makePhotograph } from './pictures.ts';
import { expect, test } from './test.ts';

const WEBP_MS = 60_000;
const READY_MS = 150_000;

test('a photograph becomes a picture that sharpens by itself', async ({
  page,
  signIn,
  artifacts,
  artifact,
  artifactName,
}) => {
  await signIn.enter(OWNER);
  await expect(artifacts.heading).toBeVisible();
  await artifacts.upload(await makePhotograph(artifactName));
  await artifacts.open(artifactName);
  await artifact.mark();

  await artifact.expectShown('webp', WEBP_MS);
  await expect(artifact.saved).toContainText('% saved');
  await expect(artifact.status).toHaveText('Ready', { timeout: READY_MS });
  await artifact.expectShown('avif', 15_000);
  await expect(artifact.saved).toContainText('AVIF');
  await expect(artifact.variants.getByRole('row')).toHaveCount(6);
  await expect(page.getByRole('progressbar', { name: 'Variants' })).toHaveAttribute(
    'aria-valuetext',
    /^(\d+) of \1 variants$/,
  );
  await expect(artifact.run).toHaveAttribute('href', /\/workflows\/garden/);
  await artifact.expectMark();
});

test('another workspace sees no trace of an artifact', async ({ browser, page, signIn, artifacts, artifactName }) => {
  await signIn.enter(OWNER);
  await artifacts.upload(await makePhotograph(artifactName));
  await artifacts.open(artifactName);
  const { pathname } = new URL(page.url());

  const other = await browser.newContext();
  const stranger = await other.newPage();
  await new SignInPage(stranger).enter(STRANGER);
  await expect(new ArtifactsPage(stranger).heading).toBeVisible();
  await expect(stranger.getByRole('link', { name: artifactName })).toHaveCount(0);

  for (const address of [pathname, pathname.replace(OWNER.slug, STRANGER.slug)]) {
    await stranger.goto(address);
    await expect(stranger.getByRole('heading', { name: 'Nothing grows here' })).toBeVisible();
    await expect(stranger.getByText(artifactName)).toHaveCount(0);
  }
  await other.close();
});

test('who signs in comes back to where they were', async ({ page, signIn, artifacts, artifactName }) => {
  await signIn.enter(OWNER);
  await artifacts.upload(await makePhotograph(artifactName));
  await artifacts.open(artifactName);
  const address = page.url();

  const second = await page.context().newPage();
  await second.goto(address);
  await expect(second.getByRole('heading', { name: artifactName, level: 1 })).toBeVisible();

  // Signing out in one tab signs out in all.
  await second.getByRole('button', { name: /account of Ada Moreau/ }).click();
  await second.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(new SignInPage(second).heading).toBeVisible();
  await expect(signIn.heading).toBeVisible();

  await page.goto(address);
  await expect(page).toHaveURL(/\/sign-in\?return=/);
  await signIn.fill(OWNER.email, demoPassword());
  await expect(page).toHaveURL(address);
  // The other tab follows.
  await expect(new ArtifactsPage(second).heading).toBeVisible();
});

test('a wrong password is said in a sentence', async ({ page, signIn }) => {
  await page.goto('/');
  await signIn.fill(OWNER.email, 'not the password');
  await expect(signIn.alert).toContainText('Check the address and the password');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('files can be dropped anywhere, and what is no picture is kept as a file', async ({
  signIn,
  artifacts,
  artifactName,
}) => {
  await signIn.enter(OWNER);
  await expect(artifacts.heading).toBeVisible();
  const notes = { name: `${artifactName}.txt`, mimeType: 'text/plain', buffer: Buffer.from('Water on Tuesdays.') };
  await artifacts.drop(notes);
  await expect(artifacts.uploadOf(notes)).toContainText('Uploaded');
  await expect(artifacts.tile(artifactName)).toContainText('File · 18');
});

test('two tabs show the same without reload', async ({ page, signIn, artifacts, artifactName, api }) => {
  await signIn.enter(OWNER);
  const second = await page.context().newPage();
  await second.goto(`/w/${OWNER.slug}/artifacts`);
  await expect(new ArtifactsPage(second).heading).toBeVisible();
  await artifacts.upload(await makePhotograph(artifactName));
  await new ArtifactsPage(second).open(artifactName);
  await expect(new ArtifactPage(second).variants).toBeVisible({ timeout: WEBP_MS });

  await api.deleteByName(artifactName);
  await expect(second.getByRole('heading', { name: 'This artifact was deleted' })).toBeVisible();
  await expect(artifacts.tile(artifactName)).toHaveCount(0);
});
