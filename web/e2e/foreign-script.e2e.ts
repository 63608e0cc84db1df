import { expect, test } from './test.ts';

const says = 'window.hasRun = true; document.title = "it has run"';
const FILES = [
  [
    'an SVG',
    'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg" onload='${says}'><script>${says}</script></svg>`,
  ],
  ['a page', 'text/html', `<!doctype html><img src=x onerror='${says}'><script>${says}</script>`],
  ['a GIF that is a script too', 'image/gif', `GIF89a/*${'\0'.repeat(8)}*/=1;${says}`],
] as const;

for (const [what, contentType, text] of FILES) {
  test(`${what} that somebody uploaded runs nothing in our origin, however a page asks for it`, async ({
    page,
    api,
    artifactName,
  }) => {
    const address = await api.shareOriginal(artifactName, contentType, Buffer.from(text, 'latin1'));
    await page.goto('/');
    const saved = page.waitForEvent('download');
    await page.goto(address).catch(() => null);
    expect((await saved).url()).toContain(address);

    // From a page of our own: framed, as an object, as a picture and as a script.
    await page.goto('/');
    await page.evaluate(async (src) => {
      const settled = ['iframe', 'object', 'img', 'script'].map((tag) => {
        const element = document.createElement(tag);
        element.setAttribute(tag === 'object' ? 'data' : 'src', src);
        const done = new Promise((resolve) => {
          element.addEventListener('load', resolve);
          element.addEventListener('error', resolve);
        });
        document.body.append(element);
        // What is saved instead of shown tells a frame and an object nothing.
        return tag === 'img' || tag === 'script' ? done : Promise.resolve();
      });
      await Promise.all(settled);
    }, address);
    expect(await page.evaluate(() => 'hasRun' in window)).toBe(false);
    for (const frame of page.frames()) expect(await frame.title()).not.toBe('it has run');
  });
}
