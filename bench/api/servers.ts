import { createHash } from 'node:crypto';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canConnect } from '../../tools/processes/can-connect.ts';
import { chooseFreePort } from '../../tools/processes/free-port.ts';
import { API_NODE_FLAGS } from '../../tools/processes/node-flags.ts';
import { waitUntil } from '../../tools/processes/wait-until.ts';
import { startTestProgram } from '../../tools/test/fixtures/programs.ts';
import { JWT_KEY, SECRET_KEY } from './load.ts';

const run = promisify(execFile);
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 60_000;
const RATE_MAX = '100000000';

/** Connections to the database that each server may have. */
export const POOL_MAX = 20;

export interface BenchApi {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The api as it is delivered, with a Temporal that is away: nothing here needs it. */
export async function startOurs(databaseUrl: string): Promise<BenchApi> {
  const [port, nobody] = await Promise.all([chooseFreePort(), chooseFreePort()]);
  const program = await startTestProgram(
    'api/src/main.ts',
    {
      HORTUS_PORT: String(port),
      HORTUS_PUBLIC_URL: `http://127.0.0.1:${String(port)}`,
      HORTUS_DATABASE_URL: databaseUrl,
      HORTUS_DATABASE_POOL_MAX: String(POOL_MAX),
      HORTUS_SECRET_KEY: SECRET_KEY,
      HORTUS_SERVICE_KEY: SECRET_KEY,
      HORTUS_TEMPORAL_ADDRESS: `127.0.0.1:${String(nobody)}`,
      HORTUS_OBJECTS_FOLDER: join(checkout, '.hortus', 'bench-api', 'objects'),
      // As where logs are paid for: the twins log no request either.
      HORTUS_LOG_LEVEL: 'warn',
      // All the load comes from one address.
      HORTUS_RATE_PER_ADDRESS: RATE_MAX,
      HORTUS_RATE_PER_ADDRESS_SIGNED_OUT: RATE_MAX,
      HORTUS_RATE_PER_CALLER: RATE_MAX,
      NODE_ENV: 'production',
    },
    API_NODE_FLAGS,
  );
  return { name: 'Hortus', port, pid: program.pid, stop: () => program.stop() };
}

async function startTwin(
  name: string,
  command: string,
  args: (port: number) => string[],
  env: NodeJS.ProcessEnv,
): Promise<BenchApi> {
  const port = await chooseFreePort();
  const { PATH, HOME } = process.env;
  const child = spawn(command, args(port), {
    cwd: checkout,
    env: {
      PATH,
      HOME,
      NODE_ENV: 'production',
      PORT: String(port),
      JWT_KEY: JWT_KEY.toString('hex'),
      POOL_MAX: String(POOL_MAX),
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const gone = once(child, 'exit');
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!isOver()) child.kill('SIGTERM');
    await gone;
  };
  if (!(await waitUntil(() => canConnect(port), READY_MS, isOver))) {
    await stop();
    throw new Error(`${name} did not start`);
  }
  return { name, port, pid: child.pid ?? 0, stop };
}

export async function startBareFastify(databaseUrl: string): Promise<BenchApi> {
  const program = fileURLToPath(new URL('twin-fastify.ts', import.meta.url));
  return startTwin('bare Fastify', process.execPath, () => [program], { DATABASE_URL: databaseUrl });
}

export async function startFastApi(databaseUrl: string): Promise<BenchApi> {
  const python = await preparePython();
  const url = databaseUrl.replace(/^postgres:/, 'postgresql+asyncpg:');
  const app = ['-m', 'uvicorn', 'twin:app', '--app-dir', fileURLToPath(new URL('fastapi', import.meta.url))];
  const options = ['--host', '127.0.0.1', '--no-access-log', '--log-level', 'warning'];
  return startTwin('FastAPI', python, (port) => [...app, ...options, '--port', String(port)], { DATABASE_URL: url });
}

/** An environment of its own for Python, made anew when what is required changes. */
async function preparePython(): Promise<string> {
  const requirements = fileURLToPath(new URL('fastapi/requirements.txt', import.meta.url));
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(checkout, '.hortus', 'bench-api', 'python');
  const mark = join(folder, `ready-${hash.slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  if (
    !(await access(mark).then(
      () => true,
      () => false,
    ))
  ) {
    process.stdout.write('Making the environment of the FastAPI twin …\n');
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
    await writeFile(mark, '');
  }
  return python;
}
