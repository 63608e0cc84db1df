import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UserError } from '../terminal/user-error.ts';

export type UserOptions =
  | { readonly command: 'help' }
  | {
      readonly command: 'create';
      readonly email: string;
      readonly displayName: string;
      readonly isAdmin: boolean;
      readonly isPasswordGiven: boolean;
    }
  | { readonly command: 'reset-password'; readonly email: string; readonly isPasswordGiven: boolean }
  | { readonly command: 'make-admin'; readonly email: string; readonly isRevoked: boolean };

export const USER_USAGE = `Usage: npm run user -- create <email> [--name <name>] [--admin] [--password-stdin]
       npm run user -- reset-password <email> [--password-stdin]
       npm run user -- make-admin <email> [--revoke]

create          makes an account that can sign in at once
  --name            the name that others see (default: what stands before the @)
  --admin           as make-admin
reset-password  gives an account another password, and ends its sessions
make-admin      makes an account an admin of the instance
  --revoke          the contrary

  --password-stdin  read the password from the first line of standard input (default: one is made, and shown once)

They work on the Hortus that npm start runs here (HORTUS_HOME says which, when there are several), or, where it is set, on
the database of HORTUS_DATABASE_URL: postgres://hortus_api:<password>@<host>:<port>/<database>.
`;

type Values = Readonly<Record<string, string | boolean | undefined>>;

const flag = { type: 'boolean', default: false } as const;

const OPTIONS: Readonly<Record<string, ParseArgsOptionsConfig>> = {
  create: { name: { type: 'string' }, admin: flag, 'password-stdin': flag },
  'reset-password': { 'password-stdin': flag },
  'make-admin': { revoke: flag },
};

/** @throws UserError when the arguments make no command */
export function parseUserOptions(argv: readonly string[]): UserOptions {
  const [command, ...args] = argv;
  try {
    if (command === undefined) throw new Error('Say create, reset-password or make-admin');
    if (command === '--help' || command === '-h') return { command: 'help' };
    const known = OPTIONS[command];
    if (known === undefined) throw new Error(`There is no command ${command}`);
    const { values, positionals }: { values: Values; positionals: string[] } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { ...flag, short: 'h' }, ...known },
    });
    if (values['help'] === true) return { command: 'help' };
    const [email, ...others] = positionals;
    if (email === undefined || others.length > 0) throw new Error('Name one e-mail address');
    const isPasswordGiven = values['password-stdin'] === true;
    if (command === 'reset-password') return { command, email, isPasswordGiven };
    if (command === 'make-admin') return { command, email, isRevoked: values['revoke'] === true };
    const name = values['name'] ?? email.split('@', 1)[0] ?? '';
    return {
      command: 'create',
      email,
      displayName: String(name),
      isAdmin: values['admin'] === true,
      isPasswordGiven,
    };
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}.\n\n${USER_USAGE}`);
  }
}
