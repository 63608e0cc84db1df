import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { hashSources } from './source-hash.ts';

describe('hashSources', () => {
  let root: string;
  const hash = () => hashSources(root, ['web', 'package-lock.json', 'absent']);
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sources-'));
    write('web/src/a.ts', 'a');
    write('package-lock.json', '{}');
  });

  it('changes with a content, a name, a new file and the lockfile', async () => {
    const seen = new Set([await hash()]);
    write('web/src/a.ts', 'b');
    seen.add(await hash());
    renameSync(join(root, 'web/src/a.ts'), join(root, 'web/src/c.ts'));
    seen.add(await hash());
    write('web/public/logo.svg', '<svg/>');
    seen.add(await hash());
    write('package-lock.json', '{"a":1}');
    seen.add(await hash());
    expect(seen.size).toBe(5);
  });

  it('does not change with what goes into no build', async () => {
    const before = await hash();
    write('web/dist/web/index.html', 'built');
    write('web/node_modules/a/index.js', 'installed');
    write('web/src/a.spec.ts', 'a test');
    write('web/e2e/sign-in.e2e.ts', 'a test');
    write('web/README.md', 'words');
    expect(await hash()).toBe(before);
  });
});
