import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../tools/test/fixtures/api.ts';
import { TEST_PASSWORD } from '../../../tools/test/fixtures/people.ts';
import { makeJpeg } from '../../../tools/test/fixtures/pictures.ts';

/** What each block of docs/api.md prints, in order; nothing where it prints nothing. */
const PRINTED = ['', '', '', '', '', 'gardening', '1', 'Rosa canina', '2', 'Rosa canina', 'Rosa canina', 'grace@example.com', 'data: ', 'REQUEST_INVALID']; // prettier-ignore
const MARK = '-- end of block --';

describe('docs/api.md', () => {
  let api: TestApi;
  let folder: string;
  beforeAll(async () => {
    api = await startTestApi({}, { heartbeatMs: 200 });
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    folder = await mkdtemp(join(tmpdir(), 'hortus-examples-'));
    await writeFile(join(folder, 'picture.jpg'), await makeJpeg(40, 30));
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  it('works as it stands, from the first block to the last', async () => {
    const { people } = await api.plant('Acme', ['owner']);
    const text = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const blocks = [...text.matchAll(/```bash\n(.*?)```/gs)].map(([, block = '']) => block);
    const { port } = api.app.server.address() as AddressInfo;
    const script = ['set -eu', ...blocks.flatMap((block) => [block, `echo '${MARK}'`])].join('\n');
    const { stdout } = await promisify(execFile)('bash', ['--noprofile', '--norc', '-c', script], {
      cwd: folder,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        HORTUS: `http://127.0.0.1:${String(port)}`,
        EMAIL: people.owner.email,
        PASSWORD: TEST_PASSWORD,
      },
    });
    const printed = stdout.split(`${MARK}\n`).slice(0, -1);
    expect(printed.map((block) => block.trim())).toEqual(
      PRINTED.map((start) => (start === 'data: ' ? expect.stringContaining(start) : start)),
    );
  });
});
