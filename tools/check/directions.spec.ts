import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** What may be imported in the planted tree. */
const GROUND = {
  'packages/contracts/src/artifact.ts': 'export const Artifact = 1; export type Artifact = number;',
  'packages/service/src/logger.ts': 'export const logger = 1;',
  'api/src/app.ts': 'export const app = 1;',
  'api/src/things/thing-row.ts': 'export const ThingRow = 1;',
  'api/src/things/thing-routes.ts': 'export const thingRoutes = 1;',
  'api/src/things/thing-service.ts': 'export const thingService = 1;',
  'workflows/src/main.ts': 'export const main = 1;',
  'workflows/src/things/activities.ts': 'export const activities = 1;',
  'operator/src/main.ts': 'export const main = 1;',
  'web/src/main.ts': 'export const main = 1;',
  'tools/start/main.ts': 'export const main = 1;',
  ...Object.fromEntries(
    ['pg', 'objection', 'sharp'].flatMap((name) => [
      [`node_modules/${name}/package.json`, `{"name": "${name}", "version": "1.0.0", "main": "index.js"}`],
      [`node_modules/${name}/index.js`, ''],
    ]),
  ),
};

/** One breach per rule: the rule, the file that breaks it, and the line that does. */
const BREACHES: readonly (readonly [rule: string, file: string, line: string])[] = [
  ['contracts-are-pure', 'packages/contracts/src/planted.ts', "import 'node:fs';"],
  ['service-knows-contracts-only', 'packages/service/src/planted.ts', "import '../../../api/src/app.ts';"],
  ['api-imports-no-other-program', 'api/src/planted.ts', "import '../../workflows/src/main.ts';"],
  ['workflows-imports-no-other-program', 'workflows/src/planted.ts', "import '../../api/src/app.ts';"],
  ['operator-imports-no-other-program', 'operator/src/planted.ts', "import '../../tools/start/main.ts';"],
  ['web-imports-no-other-program', 'web/src/planted.ts', "import '../../api/src/app.ts';"],
  [
    'web-takes-types-only',
    'web/src/valued.ts',
    "import { Artifact } from '../../packages/contracts/src/artifact.ts'; void Artifact;",
  ],
  [
    'workflow-code-is-deterministic',
    'workflows/src/things/workflow.ts',
    "import { activities } from './activities.ts'; void activities;",
  ],
  ['no-node-in-workflow-code', 'workflows/src/others/workflow.ts', "import 'node:fs';"],
  ['worker-has-no-database', 'workflows/src/database.ts', "import 'pg';"],
  ['rows-in-repos-only', 'api/src/things/rows-routes.ts', "import { ThingRow } from './thing-row.ts'; void ThingRow;"],
  ['repos-know-no-routes', 'api/src/things/thing-repo.ts', "import './thing-routes.ts';"],
  ['services-know-no-routes', 'api/src/things/upward-service.ts', "import './thing-routes.ts';"],
  ['objection-in-rows-and-repos-only', 'api/src/things/objection-routes.ts', "import 'objection';"],
  ['no-cycles', 'tools/start/cycle-a.ts', "import './cycle-b.ts';"],
  ['only-declared-packages', 'tools/start/undeclared.ts', "import 'sharp';"],
  ['nothing-unresolvable', 'tools/start/unresolvable.ts', "import './nowhere.ts';"],
];

/** Lines that look alike and break nothing. */
const ALLOWED = {
  'web/src/typed.ts':
    "import type { Artifact } from '../../packages/contracts/src/artifact.ts'; export type A = Artifact;",
  'workflows/src/typed/workflow.ts':
    "import type { activities } from '../things/activities.ts'; export type A = typeof activities;",
  'tools/start/cycle-b.ts': "import './cycle-a.ts';",
  'tools/package.json': '{"name": "planted", "type": "module"}',
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the directions', () => {
  let folder = '';
  let violations: readonly Violation[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hortus-directions-'));
    const planted = Object.fromEntries(BREACHES.map(([, file, line]) => [file, line]));
    for (const [file, text] of Object.entries({ ...GROUND, ...planted, ...ALLOWED })) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    await writeFile(join(folder, 'tsconfig.base.json'), await readFile(join(checkout, 'tsconfig.base.json')));
    const cruiser = join(checkout, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const folders = ['packages', 'api', 'workflows', 'operator', 'web', 'tools'];
    const args = [cruiser, ...folders, '--config', join(checkout, '.dependency-cruiser.js'), '--output-type', 'json'];
    const output = await new Promise<string>((resolve) => {
      // It exits with the number of errors, which are what is asked for here.
      execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
        resolve(stdout);
      });
    });
    ({ violations } = (JSON.parse(output) as { summary: { violations: readonly Violation[] } }).summary);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true }));

  it.each(BREACHES)('catch a breach of %s', (rule, file) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('let types and everything else that is allowed pass', () => {
    const broken = new Set(violations.map(({ from }) => from));
    expect([...broken].filter((file) => file in GROUND || (file in ALLOWED && !file.includes('cycle')))).toEqual([]);
  });

  it('have a planted breach for every rule', async () => {
    const { default: configuration } = (await import('../../.dependency-cruiser.js')) as {
      default: { forbidden: { name: string }[] };
    };
    expect(BREACHES.map(([rule]) => rule).sort()).toEqual(configuration.forbidden.map(({ name }) => name).sort());
  });
});
