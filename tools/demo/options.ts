import { parseArgs } from 'node:util';
import { UserError } from '../terminal/user-error.ts';

export type DemoOptions =
  | { readonly command: 'help' }
  | { readonly command: 'seed'; readonly besideOthers: boolean }
  | { readonly command: 'reset'; readonly isConfirmed: boolean };

export const DEMO_USAGE = `Usage: npm run demo:seed [-- --beside-others]
       npm run demo:reset [-- --yes]

demo:seed   puts the demo's workspaces, people and pictures into the running Hortus; what is there already stays.
  --beside-others  also where there are other workspaces
demo:reset  deletes the workspaces and people of the demo with all that is in them, after asking.
  --yes            without asking, for scripts

Both work on the Hortus that npm start runs here; HORTUS_HOME says which, when there are several.
`;

/** @throws UserError when the arguments make no command */
export function parseDemoOptions(argv: readonly string[]): DemoOptions {
  const [command, ...args] = argv;
  if (command !== 'seed' && command !== 'reset') {
    if (command === '--help' || command === '-h') return { command: 'help' };
    throw new UserError(`Say seed or reset.\n\n${DEMO_USAGE}`);
  }
  try {
    const help = { type: 'boolean', short: 'h', default: false } as const;
    const flag = { type: 'boolean', default: false } as const;
    if (command === 'seed') {
      const { values } = parseArgs({ args, options: { help, 'beside-others': flag } });
      return values.help ? { command: 'help' } : { command, besideOthers: values['beside-others'] };
    }
    const { values } = parseArgs({ args, options: { help, yes: flag } });
    return values.help ? { command: 'help' } : { command, isConfirmed: values.yes };
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}.\n\n${DEMO_USAGE}`);
  }
}
