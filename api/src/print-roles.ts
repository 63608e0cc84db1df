import { ROLES } from '@hortus/contracts/workspace';
import { WORKSPACE_MATRIX, type Reach } from './workspaces/workspace-policy.ts';

/** `node api/src/print-roles.ts`: writes the table of what each role may do to stdout. */
const WORDS: Readonly<Record<Reach, string>> = {
  any: 'yes',
  'not owners': 'not that of owners',
  own: 'one’s own',
  no: 'no',
};

const lines = [
  '# Roles',
  '',
  'What a member of a workspace may do, by role. Printed from `api/src/workspaces/workspace-policy.ts` by `npm run gen`.',
  '',
  `| operation | ${ROLES.join(' | ')} |`,
  `| --- | ${ROLES.map(() => '---').join(' | ')} |`,
  ...Object.values(WORKSPACE_MATRIX).map(
    ({ title, ...reach }) => `| ${title} | ${ROLES.map((role) => WORDS[reach[role]]).join(' | ')} |`,
  ),
  '',
  'A workspace keeps at least one owner: the last one neither leaves, nor is removed, nor gets another role. “Not that of owners”',
  'means the roles, people and things of admins and members, and one’s own. Every member may work with all artifacts; an API token has the role',
  'that its maker has at the moment, within its scopes.',
];
process.stdout.write(`${lines.join('\n')}\n`);
