// @ts-check
// The entry of every npm script: `node tools/run.mjs <command> [...args]`.
// Plain JavaScript that any Node of the last years can read, since it is what tells a person that the Node is too old and
// what installs the Node 24 that the rest needs (the npm package `node`). Everything after that is TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const NODE_MAJOR_OF_PROGRAMS = 24;

/** @type {Record<string, { program: string, args: string[], about: string }>} */
const COMMANDS = {
  start: { program: 'tools/start/main.ts', args: [], about: 'run the whole product on this machine' },
  dev: { program: 'tools/start/main.ts', args: ['--dev'], about: 'the same, restarting on every change of the source' },
  check: { program: 'tools/check/main.ts', args: [], about: 'types, lint, form and the generated files' },
  test: { program: 'tools/test/main.ts', args: [], about: 'everything: check, unit, integration and browser tests' },
  operator: { program: 'operator/src/main.ts', args: [], about: 'make a cluster match its Workspace resources' },
  gen: { program: 'tools/gen/main.ts', args: [], about: 'print the generated files anew' },
  bench: { program: 'bench/main.ts', args: [], about: 'measure, as ratios within one run' },
  fuzz: { program: 'tools/fuzz/main.ts', args: [], about: 'ask the api what nobody would ask (needs Python 3.10)' },
  user: { program: 'tools/user/main.ts', args: [], about: 'make an account, give it a password, or make it an admin' },
  'demo-seed': { program: 'tools/demo/main.ts', args: ['seed'], about: 'put the demo data into a running Hortus' },
  'demo-reset': { program: 'tools/demo/main.ts', args: ['reset'], about: 'delete the demo data of a running Hortus' },
};

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

await main(process.argv.slice(2));

/** @param {string[]} argv */
async function main(argv) {
  const [name = '', ...args] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const isHelp = name === '--help' || name === '-h';
    process[isHelp ? 'stdout' : 'stderr'].write(describeCommands());
    process.exitCode = isHelp ? 0 : 2;
    return;
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MAJOR_MIN) {
    fail(`Hortus needs Node ${String(NODE_MAJOR_MIN)} or newer to start; this is Node ${process.versions.node}.`);
    return;
  }
  try {
    // Imported late, so that a Node too old for these files still comes to the sentence above.
    const { installPackages } = await import('./install/install-packages.mjs');
    await installPackages(checkout);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    return;
  }
  const node = findNode(major);
  if (node === undefined) {
    fail(
      'node_modules/node holds no Node binary: npm was told not to run install scripts. ' +
        `Run \`npm rebuild node\`, or use Node ${String(NODE_MAJOR_OF_PROGRAMS)}.`,
    );
    return;
  }
  if (!existsSync(join(checkout, command.program))) {
    fail(`${command.program} is not in this checkout.`);
    return;
  }
  runProgram(node, [join(checkout, command.program), ...command.args, ...args]);
}

/** @param {number} ownMajor */
function findNode(ownMajor) {
  const installed = join(checkout, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(installed)) return installed;
  return ownMajor >= NODE_MAJOR_OF_PROGRAMS ? process.execPath : undefined;
}

/**
 * Becomes the program as far as a parent can: same terminal, same signals, same exit. The channel tells the program
 * when this process dies without a word (SIGKILL), so that it does not live on unseen.
 *
 * @param {string} node
 * @param {string[]} args
 */
function runProgram(node, args) {
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function describeCommands() {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);
  return `Usage: node tools/run.mjs <command> [...args]\n\n${lines.join('\n')}\n\n<command> --help says more.\n`;
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
