import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sayProgress } from '../terminal/say.ts';
import type { ObtainStep } from './obtain-step.ts';
import { runQuietly } from './run-quietly.ts';

/** Installs a package of Debian or Ubuntu, where that is possible without asking for a password: as root. */
export function installDebianPackage(packageName: string, command: string): ObtainStep {
  return {
    title: `the Debian package ${packageName}`,
    obtain: async ({ config, say }) => {
      if (process.getuid?.() !== 0) throw new Error('only root may install packages');
      if (!config.path.some((folder) => existsSync(join(folder, 'apt-get')))) throw new Error('there is no apt-get');
      const env = { ...config.env, DEBIAN_FRONTEND: 'noninteractive' };
      let last = '';
      const run = async (args: readonly string[]): Promise<void> => {
        // apt itself keeps two of its kind apart; without the option the second gives up at once.
        const work = runQuietly('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
          env,
          onLine: (line) => {
            last = line.slice(0, 60);
          },
        });
        await sayProgress(say, (seconds) => `apt-get ${args[0] ?? ''} ${String(seconds)} s: ${last}`, work);
      };
      await run(['update']);
      await run(['install', '--yes', '--no-install-recommends', packageName]);
      const path = [...config.path, '/usr/bin']
        .map((folder) => join(folder, command))
        .find((candidate) => existsSync(candidate));
      if (path === undefined) throw new Error(`the package ${packageName} holds no ${command}`);
      return path;
    },
  };
}
