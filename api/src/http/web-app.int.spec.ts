import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '@hortus/contracts/errors';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';

describe('the web app', () => {
  let api: TestApi;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hortus-web-'));
    // The page as it stands in the source; a build adds its scripts and gives each the nonce.
    const source = fileURLToPath(new URL('../../../web/src/index.html', import.meta.url));
    const page = await readFile(source, 'utf8');
    await writeFile(join(folder, 'index.html'), page.replace('<script ', '<script nonce="{csp-nonce}" '));
    await writeFile(join(folder, 'main-ABCDEFGH.js'), 'export {};');
    api = await startTestApi({ HORTUS_WEB_FOLDER: folder });
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  const directives = (policy: unknown) =>
    new Map(String(policy).split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)])); // prettier-ignore

  it('is one page at every address of its own, with a policy that takes no inline script and no inline style', async () => {
    for (const url of ['/', '/w/acme-corp/artifacts', '/sign-in?next=%2F']) {
      const response = await api.app.inject(url);
      expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      const policy = directives(response.headers['content-security-policy']);
      expect(policy.get('default-src')).toEqual(["'none'"]);
      expect(policy.get('script-src')).toEqual(["'self'"]);
      expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
      expect(String(response.headers['content-security-policy'])).not.toContain('unsafe');
    }
  });

  it('has a new nonce for the styles of components each time, which no cache keeps', async () => {
    const answers = [await api.app.inject('/'), await api.app.inject('/')];
    const nonces = answers.map(({ body, headers }) => {
      const nonce = /ngCspNonce="([A-Za-z0-9+/=]{24})"/.exec(body)?.[1];
      const styles = directives(headers['content-security-policy']).get('style-src');
      expect(styles).toEqual(["'self'", `'nonce-${String(nonce)}'`]);
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toContain(`<script nonce="${String(nonce)}"`);
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
  });

  it('has no script and no style in its page, since the policy would refuse them', async () => {
    const { body } = await api.app.inject('/');
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i);
  });

  it('is cached for ever by its hashed files', async () => {
    const { headers } = await api.app.inject('/main-ABCDEFGH.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/.env', '/a%00.js', '/nothing.js'])(
    'gives no file but its own: %s',
    async (url) => {
      const response = await api.app.inject(url);
      expect([response.statusCode, response.json<Problem>().code]).toEqual([404, 'NOT_FOUND']);
    },
  );

  it('leaves the addresses of the api to it', async () => {
    const nothing = await api.app.inject('/api/v1/nothing');
    expect([nothing.statusCode, nothing.json<Problem>().code]).toEqual([404, 'NOT_FOUND']);
    const wrong = await api.app.inject('/api/v1/auth/login');
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'POST']);
  });
});
