import { dirname, join } from 'node:path';
import { isReady } from '../processes/request-local.ts';
import { API_NODE_FLAGS } from '../processes/node-flags.ts';
import { isMailCatcherReady, mailCatcherCommand } from '../servers/mail-catcher.ts';
import { POSTGRES_STOP_SIGNAL, isPostgresReady, preparePostgres } from '../servers/postgres.ts';
import { checkTemporalFile, isTemporalReady, temporalCommand } from '../servers/temporal.ts';
import { dataFolder } from './data-folder.ts';
import { TEMPORAL_NAMESPACE, apiEnv, reachableHost, workerEnv, type StartPlan } from './program-env.ts';
import type { SupervisedProgram } from './supervisor.ts';

/** A little above the bound that the programs set themselves. */
const PROGRAM_STOP_TIMEOUT_MS = 12_000;
const SERVER_STOP_TIMEOUT_MS = 10_000;

export function postgresProgram({ config, ports, secrets }: StartPlan): SupervisedProgram {
  const folder = dataFolder(config.home).postgres;
  return {
    name: 'postgres',
    form: 'postgres',
    rank: 1,
    stopSignal: POSTGRES_STOP_SIGNAL,
    stopTimeoutMs: SERVER_STOP_TIMEOUT_MS,
    advice: `If its folder is damaged, put back a copy of it, or begin anew without the data: mv ${config.home} ${config.home}.broken`,
    prepare: () =>
      preparePostgres({
        folder,
        wholeFolder: config.home,
        port: ports.postgres,
        password: secrets.postgresPassword,
        isDurable: true,
      }),
    isReady: (program) => isPostgresReady(folder, program),
  };
}

export function temporalProgram({ config, ports }: StartPlan, binary: string): SupervisedProgram {
  const file = dataFolder(config.home).temporalFile;
  const folder = join(file, '..');
  return {
    name: 'temporal',
    form: 'json',
    rank: 2,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: SERVER_STOP_TIMEOUT_MS,
    advice:
      'If its file is damaged, put back a copy of it, or begin anew without the workflows that were under way: ' +
      `mv ${folder} ${folder}.broken`,
    prepare: async () => {
      await checkTemporalFile(file);
      const namespaces = [TEMPORAL_NAMESPACE];
      return temporalCommand({
        binary,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        namespaces,
        file,
        env: config.machineEnv,
      });
    },
    isReady: () => isTemporalReady(ports.temporal, [TEMPORAL_NAMESPACE]),
  };
}

/** For a start that has no mail server. */
export function mailProgram({ config, ports }: StartPlan): SupervisedProgram {
  return {
    name: 'mail',
    form: 'json',
    rank: 2,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: SERVER_STOP_TIMEOUT_MS,
    prepare: () =>
      Promise.resolve(
        mailCatcherCommand({
          smtpPort: ports.mailSmtp,
          pagePort: ports.mailPage,
          folder: dataFolder(config.home).mails,
          env: config.machineEnv,
        }),
      ),
    isReady: () => isMailCatcherReady({ smtpPort: ports.mailSmtp, pagePort: ports.mailPage }),
  };
}

export function apiProgram(plan: StartPlan, isDev: boolean): SupervisedProgram {
  const { config, ports } = plan;
  return {
    ...nodeProgram(
      'api',
      { source: 'api/src/main.ts', cwd: config.checkout, env: apiEnv(plan), flags: API_NODE_FLAGS },
      isDev,
    ),
    rank: 3,
    isReady: () => isReady(reachableHost(config.host), ports.apiAdmin),
  };
}

export function workerProgram(plan: StartPlan, isDev: boolean): SupervisedProgram {
  return {
    ...nodeProgram(
      'worker',
      { source: 'workflows/src/main.ts', cwd: plan.config.checkout, env: workerEnv(plan) },
      isDev,
    ),
    rank: 4,
    isReady: () => isReady('127.0.0.1', plan.ports.workerAdmin),
  };
}

function nodeProgram(
  name: string,
  { source, cwd, env, flags = [] }: { source: string; cwd: string; env: NodeJS.ProcessEnv; flags?: readonly string[] },
  isDev: boolean,
): Omit<SupervisedProgram, 'rank' | 'isReady'> {
  const args = [...flags, ...(isDev ? watchArgs(dirname(source)) : []), source];
  const command = { command: process.execPath, args, cwd, env };
  return {
    name,
    form: 'json',
    stopSignal: 'SIGTERM',
    stopTimeoutMs: PROGRAM_STOP_TIMEOUT_MS,
    prepare: () => Promise.resolve(command),
  };
}

/**
 * Folders are watched, and not what a program reports to have imported: under `--watch` that report comes out of
 * worker threads too, where Temporal's takes it for an answer and dies ("Invalid atomic access index").
 */
function watchArgs(sourceFolder: string): string[] {
  const folders = [sourceFolder, 'packages/contracts/src', 'packages/service/src'];
  const noReports = 'data:text/javascript,delete process.env.WATCH_REPORT_DEPENDENCIES';
  return [...folders.map((folder) => `--watch-path=${folder}`), '--watch-preserve-output', '--import', noReports];
}
