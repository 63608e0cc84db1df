import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import { ALLOW_REMOVAL } from './allow-removal.ts';
import { ensureRoles } from './roles.ts';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A connection of the owner: makes roles, then acts as `hortus_owner`, so that tables belong to it. */
export function createOwnerKnex(ownerUrl: string): Knex {
  return knex({
    client: 'pg',
    connection: { connectionString: ownerUrl, application_name: 'hortus-migrate' },
    pool: { min: 0, max: 1 },
    migrations: { directory: folder, tableName: 'migrations', loadExtensions: ['.ts'] },
  });
}

async function asOwner<Result>(owner: Knex, work: () => Promise<Result>): Promise<Result> {
  // The pool has one connection, so the role holds for all that follows.
  await owner.raw('set role hortus_owner');
  await owner.raw("set lock_timeout = '10s'");
  try {
    return await work();
  } finally {
    await owner.raw('reset role');
  }
}

/** Brings the database to the newest schema; does nothing where it is. Returns the names of the migrations that ran. */
export async function migrateUp(owner: Knex, options: { apiPassword: string }): Promise<string[]> {
  await ensureRoles(owner, options);
  return asOwner(owner, async () => {
    const [, names] = (await owner.migrate.latest()) as [number, string[]];
    await owner.raw(ALLOW_REMOVAL);
    return names;
  });
}

/** Takes every migration back, newest first; the tests prove that each can be. */
export async function migrateDown(owner: Knex): Promise<void> {
  await asOwner(owner, () => owner.migrate.rollback(undefined, true));
}
