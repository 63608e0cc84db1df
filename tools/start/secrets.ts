import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { generatePassword } from '../servers/postgres.ts';
import { UserError } from '../terminal/user-error.ts';
import type { DataFolder } from './data-folder.ts';

export interface Secrets {
  /** The Postgres superuser's, set when the database was made. */
  readonly postgresPassword: string;
  /** The role hortus_api's. */
  readonly apiDatabasePassword: string;
  /** HORTUS_SECRET_KEY of the api: access tokens and signed addresses. */
  readonly secretKey: string;
  /** HORTUS_SERVICE_KEY: by it the worker signs in at the api. */
  readonly serviceKey: string;
  /** The demo's people's, unless HORTUS_DEMO_PASSWORD is set. */
  readonly demoPassword: string;
}

const LENGTH_MIN = 8;

/**
 * The secrets of a data folder; made once, and never again while there is a database that was made with them.
 *
 * @throws UserError when the file is damaged or gone although its data is there
 */
export async function readOrMakeSecrets(folder: DataFolder): Promise<Secrets> {
  const text = await readFile(folder.secrets, 'utf8').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw damaged(folder, `cannot be read (${message})`);
  });
  if (text !== undefined) return parseSecrets(folder, text);
  if (existsSync(folder.postgres)) throw damaged(folder, `is missing although ${folder.postgres} holds a database`);
  const secrets = makeSecrets();
  // Written aside and renamed: a start that is killed here leaves a whole file or none.
  const draft = `${folder.secrets}.new`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, folder.secrets);
  return secrets;
}

function parseSecrets(folder: DataFolder, text: string): Secrets {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(folder, 'is not JSON');
  }
  if (!isSecrets(value)) throw damaged(folder, 'lacks some of the secrets');
  return value;
}

function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Record<string, unknown>;
  return Object.keys(makeSecrets()).every((name) => {
    const secret = found[name];
    return typeof secret === 'string' && secret.length >= LENGTH_MIN;
  });
}

function damaged(folder: DataFolder, fault: string): UserError {
  return new UserError(
    `${folder.secrets} ${fault}. Put back a copy of it, or begin anew without the data: ` +
      `mv ${folder.home} ${folder.home}.broken`,
  );
}

function makeSecrets(): Secrets {
  const key = (): string => randomBytes(32).toString('base64url');
  return {
    postgresPassword: generatePassword(),
    apiDatabasePassword: generatePassword(),
    secretKey: key(),
    serviceKey: key(),
    demoPassword: makeReadablePassword(),
  };
}

/** Four groups of four from letters and digits that nobody mixes up: about 79 bits, and still typed by hand. */
export function makeReadablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
