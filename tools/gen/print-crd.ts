import { stringify } from 'yaml';
import { workspaceCrd } from './workspace-crd.ts';

/** `node tools/gen/print-crd.ts`: writes the definition of the resource Workspace to stdout. */
process.stdout.write(
  '# Printed from packages/contracts/src/workspace-resource.ts by `npm run gen`.\n' +
    stringify(workspaceCrd(), { lineWidth: 120, aliasDuplicateObjects: false }),
);
