import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sayProgress } from '../terminal/say.ts';
import type { ServersConfig } from './config.ts';
import type { ObtainStep } from './obtain-step.ts';
import { runQuietly } from './run-quietly.ts';

export interface GoCommand {
  /** Must be in the module file in this very version: the sum file beside pins it and all that it needs. */
  readonly module: string;
  /** In tools/; default go.mod. A command with one of its own shares no dependency's version with the others. */
  readonly moduleFile?: string;
  readonly command: string;
  readonly version: string;
  readonly ldflags: string;
}

const moduleFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Builds from source, pinned by a module file and its sums. Minutes on a new machine, seconds with a warm cache. */
export function buildGoCommand(command: GoCommand): ObtainStep {
  return {
    title: `a build of ${command.module} ${command.version} with Go`,
    obtain: async ({ config, say, target }) => {
      const go = findGo(config);
      if (go === undefined) throw new Error('there is no go command');
      const draft = `${target}.${String(process.pid)}`;
      let compiled = 0;
      let downloaded = 0;
      // `-v` names each package as it is compiled, which is the only figure of progress that go gives.
      const { moduleFile = 'go.mod', ldflags } = command;
      const args = ['build', `-modfile=${moduleFile}`, '-v', '-o', draft, '-ldflags', ldflags, command.command];
      const build = runQuietly(go, args, {
        cwd: moduleFolder,
        env: config.env,
        onLine: (line) => {
          if (line.startsWith('go: downloading')) downloaded += 1;
          else compiled += 1;
        },
      });
      try {
        await sayProgress(
          say,
          (seconds) =>
            `${String(downloaded)} modules downloaded, ${String(compiled)} packages compiled, ${String(seconds)} s`,
          build,
        );
        await rename(draft, target);
      } finally {
        await rm(draft, { force: true });
      }
      return target;
    },
  };
}

/** PATH first; then where Go's own installer puts it, which a shell without a profile does not have in PATH. */
function findGo(config: ServersConfig): string | undefined {
  return [...config.path, '/usr/local/go/bin'].map((folder) => join(folder, 'go')).find((path) => existsSync(path));
}
