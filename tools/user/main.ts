import { createInterface } from 'node:readline';
import { Value } from 'typebox/value';
import { NewAccount } from '@hortus/contracts/account-api';
import { ProblemError } from '@hortus/service/problem';
import { createPasswordHasher } from '../../api/src/auth/password.ts';
import { createPasswordCheck, readCommonPasswords } from '../../api/src/auth/password-policy.ts';
import { createPerson, makeInstanceAdmin, setPasswordOf } from '../../api/src/auth/person-service.ts';
import { createKnex } from '../../api/src/db/knex.ts';
import { makeReadablePassword } from '../start/secrets.ts';
import { UserError } from '../terminal/user-error.ts';
import { findDatabaseUrl } from './find-database.ts';
import { USER_USAGE, parseUserOptions, type UserOptions } from './options.ts';

/** `npm run user`: what whoever runs Hortus does for people, beside the api and by its role. */
try {
  await main(parseUserOptions(process.argv.slice(2)));
} catch (error) {
  const isPlain = error instanceof UserError || error instanceof ProblemError;
  process.stderr.write(`${isPlain ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function main(options: UserOptions): Promise<void> {
  if (options.command === 'help') {
    process.stdout.write(USER_USAGE);
    return;
  }
  const { email } = options;
  assertForm('email', email, 'is no e-mail address');
  const databaseUrl = await findDatabaseUrl();
  const knex = createKnex({ databaseUrl, poolMax: 2, logger: { warn: () => undefined } });
  const dependencies = {
    knex,
    hasher: createPasswordHasher(),
    isTooCommon: createPasswordCheck(readCommonPasswords()),
  };
  try {
    if (options.command === 'make-admin') {
      const isInstanceAdmin = !options.isRevoked;
      if (!(await makeInstanceAdmin(dependencies, { email, isInstanceAdmin }))) throw nobody(email);
      say(`${email} is ${isInstanceAdmin ? 'an' : 'no'} admin of the instance from now on.`);
      return;
    }
    const password = options.isPasswordGiven ? await readPassword() : makeReadablePassword();
    assertForm('password', password, 'as a password must have 8 to 128 characters');
    if (options.command === 'reset-password') {
      if (!(await setPasswordOf(dependencies, { email, password }))) throw nobody(email);
      say(`${email} has another password, and no session is left.`);
    } else {
      assertForm('displayName', options.displayName, 'is no name of 1 to 100 characters; say another one by --name');
      if (!(await createPerson(dependencies, { email, displayName: options.displayName, password }))) {
        throw new UserError(`${email} has an account already.`);
      }
      if (options.isAdmin) await makeInstanceAdmin(dependencies, { email, isInstanceAdmin: true });
      say(`${email} has an account${options.isAdmin ? ', as an admin of the instance' : ''}.`);
    }
    if (!options.isPasswordGiven) say(`The password, which is shown this once: ${password}`);
  } finally {
    await knex.destroy();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function nobody(email: string): UserError {
  return new UserError(`Nobody has the address ${email}.`);
}

/** @throws UserError, which repeats the text unless that is a password */
function assertForm(name: 'email' | 'password' | 'displayName', text: string, fault: string): void {
  if (Value.Check(NewAccount.properties[name], text)) return;
  throw new UserError(`${name === 'password' ? 'What was given' : JSON.stringify(text)} ${fault}.`);
}

async function readPassword(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new UserError('Standard input has no password.');
}
