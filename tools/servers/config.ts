import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

/** What of the environment matters for finding servers. */
export interface ServersConfig {
  /** Variables that name a server, such as `TEMPORAL_CLI`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folders of PATH. */
  readonly path: readonly string[];
  /** Where servers that were downloaded or built are kept. */
  readonly cacheFolder: string;
  /** For the programs that build or install: a compiler needs its caches, proxies and certificates. */
  readonly env: NodeJS.ProcessEnv;
}

export function readServersConfig(env: NodeJS.ProcessEnv = process.env): ServersConfig {
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path in the variable is invalid and must be ignored.
  const cacheHome = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return {
    variables: {
      TEMPORAL_CLI: env['TEMPORAL_CLI'],
      VERSITYGW: env['VERSITYGW'],
      REDIS_SERVER: env['REDIS_SERVER'],
      CHROMIUM: env['CHROMIUM'],
      KUBEBUILDER_ASSETS: env['KUBEBUILDER_ASSETS'],
    },
    path: (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    cacheFolder: join(cacheHome, 'hortus'),
    env,
  };
}
