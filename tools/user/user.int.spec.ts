import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../test/fixtures/api.ts';
import { signIn } from '../test/fixtures/people.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const PASSWORD = 'correct sycamore stapler';

describe('npm run user', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  async function run(args: readonly string[], stdin = ''): Promise<{ code: number; said: string }> {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HORTUS_')));
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...own, NODE_OPTIONS: '', HORTUS_DATABASE_URL: api.config.databaseUrl },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(stdin);
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }
  const isAdmin = async (email: string) =>
    (await api.database.query<{ is: boolean }>('select is_instance_admin as is from users where email = $1', [email]))[0]?.is; // prettier-ignore

  it('makes an account that signs in at once, by a password that it shows once', async () => {
    const { code, said } = await run(['create', 'Ada@Acme.test', '--name', 'Ada Lovelace']);
    const password = /this once: (\S+)/.exec(said)?.[1] ?? '';
    expect([code, password]).toEqual([0, expect.stringMatching(/^\w{4}(-\w{4}){3}$/)]);
    const answer = await signIn(api.app, 'ada@acme.test', password);
    expect(answer.json()).toMatchObject({ user: { displayName: 'Ada Lovelace' }, workspaces: [] });
    expect(await isAdmin('ada@acme.test')).toBe(false);
    const again = await run(['create', 'ada@acme.test']);
    expect(again).toEqual({ code: 1, said: 'ada@acme.test has an account already.\n' });
  });

  it('takes a password from standard input and does not show it', async () => {
    const { code, said } = await run(['create', 'bob@acme.test', '--admin', '--password-stdin'], `${PASSWORD}\n`);
    expect([code, said.includes(PASSWORD)]).toEqual([0, false]);
    expect((await signIn(api.app, 'bob@acme.test', PASSWORD)).statusCode).toBe(200);
    expect(await isAdmin('bob@acme.test')).toBe(true);
  });

  it('gives an account another password, and ends its sessions', async () => {
    const { people } = await api.plant('Acme', ['owner']);
    const { code } = await run(['reset-password', people.owner.email, '--password-stdin'], PASSWORD);
    expect(code).toBe(0);
    expect((await people.owner.call({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(401);
    expect((await signIn(api.app, people.owner.email, PASSWORD)).statusCode).toBe(200);
  });

  it('makes somebody an admin of the instance, and takes it back', async () => {
    const { people } = await api.plant('Umbrella', ['owner']);
    const { email } = people.owner;
    expect((await run(['make-admin', email])).code).toBe(0);
    expect(await isAdmin(email)).toBe(true);
    expect((await run(['make-admin', email, '--revoke'])).code).toBe(0);
    expect(await isAdmin(email)).toBe(false);
  });

  it.each([
    ['an address that nobody has', ['reset-password', 'nobody@acme.test'], '', /^Nobody has the address/],
    ['what is no address', ['create', 'nobody'], '', /"nobody" is no e-mail address/],
    ['a common password', ['create', 'eve@acme.test', '--password-stdin'], 'password123', /first that somebody/],
    ['a short password', ['create', 'eve@acme.test', '--password-stdin'], 'short', /8 to 128 characters/],
    ['no password', ['create', 'eve@acme.test', '--password-stdin'], '', /has no password/],
    ['a name of two lines', ['create', 'eve@acme.test', '--name', 'a\nb'], '', /is no name/],
    ['no command', [], '', /Usage: npm run user/],
  ])('refuses %s with a sentence, and changes nothing', async (_name, args, stdin, message) => {
    const { code, said } = await run(args, stdin);
    expect(code).toBe(1);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/ at .*\.ts:\d/);
    expect(await api.database.query(`select 1 from users where email like 'eve@%'`)).toEqual([]);
  });

  it('explains itself', async () => {
    const { code, said } = await run(['--help']);
    expect([code, said]).toEqual([0, expect.stringContaining('HORTUS_DATABASE_URL')]);
  });
});
