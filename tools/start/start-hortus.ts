import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { ensureDemoPeople } from '../demo/ensure-demo-people.ts';
import { isPortFree } from '../processes/free-port.ts';
import { describeHolder, findPortHolder } from '../processes/port-holder.ts';
import type { ProcessIdentity } from '../processes/process-identity.mjs';
import { findTemporalCli } from '../servers/find-temporal-cli.ts';
import { ensureDatabase } from '../servers/postgres.ts';
import { StepBoard } from '../terminal/step-board.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UserError } from '../terminal/user-error.ts';
import type { StartConfig } from './config.ts';
import { dataFolder } from './data-folder.ts';
import { endLeftovers } from './end-leftovers.ts';
import { followSeeding } from './follow-seeding.ts';
import { planPorts, type Ports } from './plan-ports.ts';
import {
  DATABASE,
  TEMPORAL_NAMESPACE,
  apiUrl,
  mailPageUrl,
  migrateEnv,
  ownerUrl,
  publicUrl,
  temporalAddress,
  temporalUiUrl,
  type StartPlan,
} from './program-env.ts';
import { apiProgram, mailProgram, postgresProgram, temporalProgram, workerProgram } from './programs.ts';
import { formatReadyText } from './ready-text.ts';
import { readRunRecord, writeRunRecord, type RunRecord } from './run-record.ts';
import { readOrMakeSecrets } from './secrets.ts';
import { Supervisor } from './supervisor.ts';
import { buildWebIfStale, webWatcher } from './web-build.ts';

const STEP_COUNT = 8;

export interface StartedHortus {
  /** Resolves when everything is ready; rejects when something is not. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Plans a start and sets it going. The caller holds the lock of the data folder.
 *
 * @param onGiveUp called when a program cannot be kept running, some time after the start
 */
export async function startHortus(
  config: StartConfig,
  options: {
    readonly isDev: boolean;
    readonly terminal: Terminal;
    readonly starter: ProcessIdentity;
    readonly onGiveUp: (error: UserError) => void;
  },
): Promise<StartedHortus> {
  const { terminal, isDev } = options;
  const folder = dataFolder(config.home);
  const begunAtMs = performance.now();
  const ended = await endLeftovers(readRunRecord(folder.runRecord));
  if (ended.length > 0) terminal.line(`Ended what a killed start had left running: ${ended.join(', ')}.`);
  const secrets = await readOrMakeSecrets(folder);
  const ports = await choosePorts(config, terminal);
  const plan: StartPlan = { config, ports, secrets };
  await mkdir(folder.objects, { recursive: true });

  let record: RunRecord = {
    starter: options.starter,
    url: publicUrl(plan),
    apiUrl: apiUrl(plan),
    temporalAddress: temporalAddress(ports),
    temporalNamespace: TEMPORAL_NAMESPACE,
    isReady: false,
    children: [],
  };
  const update = (change: Partial<RunRecord>): void => {
    record = { ...record, ...change };
    writeRunRecord(folder.runRecord, record);
  };
  update({});
  const print = (line: string): void => {
    terminal.line(line);
  };
  const supervisor = new Supervisor({
    logsFolder: folder.logs,
    print,
    onChildren: (children) => {
      update({ children });
    },
    onGiveUp: options.onGiveUp,
  });
  const board = new StepBoard(terminal, config.smtpUrl === undefined ? STEP_COUNT : STEP_COUNT - 1);

  const run = async (): Promise<void> => {
    await runSteps(plan, { supervisor, board, isDev });
    const isDemoIn = existsSync(folder.demoMark);
    if (!isDemoIn) await ensureDemoPeople({ apiUrl: record.apiUrl, serviceKey: secrets.serviceKey });
    board.close();
    update({ isReady: true });
    terminal.line('');
    terminal.line(
      formatReadyText({
        url: record.url,
        temporalUiUrl: temporalUiUrl(ports),
        mailPageUrl: config.smtpUrl === undefined ? mailPageUrl(ports) : undefined,
        home: folder.home,
        logs: folder.logs,
        demoPassword: config.demoPassword ?? secrets.demoPassword,
        seconds: (performance.now() - begunAtMs) / 1_000,
      }),
    );
    if (isDemoIn) return;
    void followSeeding(
      { address: record.temporalAddress, namespace: TEMPORAL_NAMESPACE },
      { mark: folder.demoMark, print, isStopping: () => supervisor.isStopping() },
    );
  };
  const ready = run().finally(() => {
    board.close();
  });
  return {
    ready,
    stop: async () => {
      board.close();
      await supervisor.stop();
      // A step that was under way (a build, an initdb) ends by itself now; nothing of it may outlive this process.
      await ready.catch(() => undefined);
      update({ isReady: false, children: [] });
    },
  };
}

/**
 * The steps:
 *
 *   Postgres ─→ database ─────┐
 *   web app ──────────────────┼─→ api, worker
 *   Temporal CLI ─→ Temporal ─┤
 *   mail catcher ─────────────┘
 *
 * The api and the worker wait for all four: the bound for their readiness must not run while, the first time, Temporal
 * or the web app is still being built.
 *
 * The first failure is the one that counts; what it makes fail in turn is not reported.
 */
async function runSteps(
  plan: StartPlan,
  { supervisor, board, isDev }: { supervisor: Supervisor; board: StepBoard; isDev: boolean },
): Promise<void> {
  const { config, ports } = plan;
  const migrate = async (): Promise<void> => {
    const postgres = board.begin('Postgres');
    await supervisor.start(postgresProgram(plan));
    await ensureDatabase(ownerUrl(plan, 'postgres'), DATABASE).catch((error: unknown) => {
      throw explainRefusal(plan, error);
    });
    postgres.done(`127.0.0.1:${String(ports.postgres)}`);
    const database = board.begin('database');
    await supervisor.run('migrate', 'json', {
      command: process.execPath,
      args: ['api/src/migrate.ts'],
      cwd: config.checkout,
      env: migrateEnv(plan),
    });
    database.done('schema is up to date');
  };
  const build = async (): Promise<void> => {
    const web = board.begin('web app');
    if (isDev) await supervisor.start(webWatcher(config));
    web.done(isDev ? 'built, watching' : await buildWebIfStale(config, supervisor, web.say));
  };
  const startTemporal = async (): Promise<void> => {
    const cli = board.begin('Temporal CLI');
    const binary = await findTemporalCli(cli.say);
    cli.done(binary);
    const temporal = board.begin('Temporal');
    await supervisor.start(temporalProgram(plan, binary));
    temporal.done(`${temporalAddress(ports)}, ${temporalUiUrl(ports)}`);
  };
  const catchMails = async (): Promise<void> => {
    if (config.smtpUrl !== undefined) return;
    const mail = board.begin('mail catcher');
    await supervisor.start(mailProgram(plan));
    mail.done(mailPageUrl(ports));
  };
  const serve = async (): Promise<void> => {
    const api = board.begin('api');
    await supervisor.start(apiProgram(plan, isDev));
    api.done(publicUrl(plan));
  };
  const work = async (): Promise<void> => {
    const worker = board.begin('worker');
    await supervisor.start(workerProgram(plan, isDev));
    worker.done('takes work');
  };
  await Promise.all([migrate(), build(), startTemporal(), catchMails()]);
  await Promise.all([serve(), work()]);
}

async function choosePorts(config: StartConfig, terminal: Terminal): Promise<Ports> {
  const { ports, notes } = await planPorts(
    config.ports,
    async (port, name) => {
      // `localhost` is ::1 first in many browsers: another program there would answer in the api's stead.
      const hosts = name === 'api' ? [...new Set([config.host, '127.0.0.1', '::1'])] : ['127.0.0.1'];
      const answers = await Promise.all(hosts.map((host) => isPortFree(port, host)));
      return answers.every(Boolean);
    },
    async (port) => describeHolder(await findPortHolder(port)),
  );
  for (const note of notes) terminal.line(note);
  return ports;
}

/** SQLSTATE 28P01, invalid_password. */
const WRONG_PASSWORD = '28P01';

function explainRefusal({ config }: StartPlan, error: unknown): unknown {
  const isWrongPassword = error instanceof Error && 'code' in error && error.code === WRONG_PASSWORD;
  if (!isWrongPassword) return error;
  const { home, secrets, postgres } = dataFolder(config.home);
  return new UserError(
    `${secrets} and ${postgres} do not belong together: the database was made with another password. ` +
      `Put back the copy of secrets.json that belongs to it, or begin anew without the data: mv ${home} ${home}.broken`,
    { cause: error },
  );
}
