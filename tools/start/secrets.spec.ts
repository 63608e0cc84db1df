import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dataFolder } from './data-folder.ts';
import { readOrMakeSecrets } from './secrets.ts';

const newFolder = () => dataFolder(mkdtempSync(join(tmpdir(), 'home-')));

describe('the secrets of a data folder', () => {
  it('are made once, and readable by their owner only', async () => {
    const folder = newFolder();
    const secrets = await readOrMakeSecrets(folder);
    expect(await readOrMakeSecrets(folder)).toEqual(secrets);
    expect(statSync(folder.secrets).mode & 0o777).toBe(0o600);
    expect(Buffer.from(secrets.secretKey, 'base64url')).toHaveLength(32);
    expect(secrets.demoPassword).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/);
  });

  it('are never made anew beside a database that was made with others', async () => {
    const folder = newFolder();
    await readOrMakeSecrets(folder);
    mkdirSync(folder.postgres);
    rmSync(folder.secrets);
    await expect(readOrMakeSecrets(folder)).rejects.toThrow(`mv ${folder.home} ${folder.home}.broken`);
  });

  it('are refused when the file is damaged, which is left as it is', async () => {
    const folder = newFolder();
    for (const [text, fault] of [
      ['{', 'is not JSON'],
      ['{"secretKey":"0123456789"}', 'lacks some of the secrets'],
    ] as const) {
      writeFileSync(folder.secrets, text);
      await expect(readOrMakeSecrets(folder)).rejects.toThrow(`${folder.secrets} ${fault}`);
    }
  });
});
