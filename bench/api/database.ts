import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createOwnerKnex, migrateUp } from '../../api/src/db/migrate.ts';
import { chooseFreePort } from '../../tools/processes/free-port.ts';
import { startProgram } from '../../tools/processes/program.ts';
import {
  POSTGRES_STOP_SIGNAL,
  ensureDatabase,
  generatePassword,
  postgresUrl,
  preparePostgres,
  waitForPostgres,
} from '../../tools/servers/postgres.ts';
import { planWorkspaces, seed, type BenchWorkspace } from './seed.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const API_PASSWORD = 'password of hortus_api in the bench';

export interface BenchDatabase {
  /** The process of Postgres, whose children are its backends. */
  readonly serverPid: number;
  /** The superuser's address. */
  readonly ownerUrl: string;
  /** The address with the role hortus_api. */
  readonly apiUrl: string;
  readonly workspaces: readonly BenchWorkspace[];
  /** Asks as the superuser, whom no policy binds. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
}

export interface BenchServer {
  /** A database with so many artifacts; made when it is not there from an earlier run. */
  open(size: { rows: number; workspaces: number }): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

/** The embedded Postgres, durable, on a folder that is kept between runs, since filling it takes minutes. */
export async function startBenchServer(): Promise<BenchServer> {
  const folder = join(checkout, '.hortus', 'bench-api');
  await mkdir(folder, { recursive: true });
  const passwordFile = join(folder, 'password');
  const password = await readFile(passwordFile, 'utf8').catch(() => generatePassword());
  await writeFile(passwordFile, password, { mode: 0o600 });
  const port = await chooseFreePort();
  const tail: string[] = [];
  const data = join(folder, 'postgres');
  const command = await preparePostgres({ folder: data, port, password, isDurable: true, maxConnections: 200 });
  const program = await startProgram(command, ({ text }) => tail.push(text));
  if (!(await waitForPostgres(data, program, 60_000))) {
    throw new Error(`Postgres did not come up:\n${tail.slice(-20).join('\n')}`);
  }
  const urlOf = (database: string) => postgresUrl({ port, user: 'postgres', password, database });
  return {
    stop: async () => {
      await program.stop(POSTGRES_STOP_SIGNAL, 60_000);
    },
    async open({ rows, workspaces: count }) {
      const name = `bench_${String(rows)}_${await hashSchema()}`;
      const ownerUrl = urlOf(name);
      const workspaces = planWorkspaces(count);
      const query: BenchDatabase['query'] = async (sql, values) => {
        const client = new pg.Client({ connectionString: ownerUrl });
        await client.connect();
        try {
          return (await client.query(sql, values)).rows as never;
        } finally {
          await client.end();
        }
      };
      await dropOlder(urlOf('postgres'), name, rows);
      await ensureDatabase(urlOf('postgres'), name);
      const owner = createOwnerKnex(ownerUrl);
      await migrateUp(owner, { apiPassword: API_PASSWORD });
      await owner.destroy();
      const [{ done }] = (await query<{ done: boolean }>(`select to_regclass('bench_done') is not null as done`)) as [
        { done: boolean },
      ];
      if (!done) {
        const begunAt = performance.now();
        process.stdout.write(`Filling a database with ${rows.toLocaleString('en')} artifacts …\n`);
        await seed(ownerUrl, workspaces, rows);
        await query('create table bench_done ()');
        process.stdout.write(
          `… ${((performance.now() - begunAt) / 1000).toFixed(0)} s; it is kept for the next run.\n`,
        );
      }
      const apiUrl = Object.assign(new URL(ownerUrl), { username: 'hortus_api', password: API_PASSWORD }).href;
      return { serverPid: program.identity.pid, ownerUrl, apiUrl, workspaces, query };
    },
  };
}

/** Another schema or another way of filling is another database. */
async function hashSchema(): Promise<string> {
  const migrations = join(checkout, 'api', 'migrations');
  const hash = createHash('sha256');
  for (const file of (await readdir(migrations)).sort()) hash.update(await readFile(join(migrations, file)));
  hash.update(await readFile(join(checkout, 'bench', 'api', 'seed.ts')));
  return hash.digest('hex').slice(0, 12);
}

async function dropOlder(adminUrl: string, name: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: olds } = await client.query<{ datname: string }>(
      'select datname from pg_database where datname like $1 and datname <> $2',
      [`bench\\_${String(rows)}\\_%`, name],
    );
    for (const { datname } of olds) await client.query(`drop database ${client.escapeIdentifier(datname)}`);
  } finally {
    await client.end();
  }
}
