import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '@hortus/contracts/auth-api';
import { UserError } from '../terminal/user-error.ts';

/** Default ports, and the variable that sets each. */
export const PORTS = {
  api: { variable: 'HORTUS_PORT', fallback: 8080 },
  apiAdmin: { variable: 'HORTUS_API_ADMIN_PORT', fallback: 9080 },
  workerAdmin: { variable: 'HORTUS_WORKER_ADMIN_PORT', fallback: 9081 },
  postgres: { variable: 'HORTUS_POSTGRES_PORT', fallback: 5433 },
  temporal: { variable: 'HORTUS_TEMPORAL_PORT', fallback: 7233 },
  temporalUi: { variable: 'HORTUS_TEMPORAL_UI_PORT', fallback: 8233 },
  mailSmtp: { variable: 'HORTUS_MAIL_SMTP_PORT', fallback: 1025 },
  mailPage: { variable: 'HORTUS_MAIL_UI_PORT', fallback: 1080 },
} as const;
export type PortName = keyof typeof PORTS;

/** Where objects lie, when not in the data folder: the api and the worker get the same. */
const S3 = [
  'HORTUS_S3_BUCKET',
  'HORTUS_S3_ENDPOINT',
  'HORTUS_S3_REGION',
  'HORTUS_S3_PATH_STYLE',
  'HORTUS_S3_ACCESS_KEY_ID',
  'HORTUS_S3_SECRET_ACCESS_KEY',
] as const;

/** Variables of the programs that go through as they are. A program refuses what it does not know: each gets its own. */
export const PASSED_ON = {
  migrate: ['HORTUS_LOG_LEVEL'],
  api: [
    'HORTUS_LOG_LEVEL',
    'HORTUS_UPLOAD_MAX_BYTES',
    'HORTUS_UPLOAD_KEPT_HOURS',
    'HORTUS_DATABASE_POOL_MAX',
    'HORTUS_TRASH_KEPT_DAYS',
    'HORTUS_SESSION_LIFETIME_DAYS',
    'HORTUS_SESSION_IDLE_DAYS',
    'HORTUS_RATE_PER_ADDRESS',
    'HORTUS_RATE_PER_ADDRESS_SIGNED_OUT',
    'HORTUS_RATE_PER_CALLER',
    'HORTUS_LOOP_DELAY_MAX_MS',
    'HORTUS_OIDC_ISSUER',
    'HORTUS_OIDC_CLIENT_ID',
    'HORTUS_OIDC_CLIENT_SECRET',
    'HORTUS_OIDC_NAME',
    'HORTUS_MAIL_FROM',
    'HORTUS_REGISTRATION',
    ...S3,
  ],
  worker: ['HORTUS_LOG_LEVEL', 'HORTUS_PICTURE_MAX_PIXELS', 'HORTUS_CPU_SLOTS', ...S3],
} as const;

const OWN = ['HORTUS_HOME', 'HORTUS_HOST', 'HORTUS_PUBLIC_URL', 'HORTUS_DEMO_PASSWORD', 'HORTUS_SMTP_URL'];
/** What every program may know of the machine it runs on. */
const FROM_THE_MACHINE = ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ', 'LANG'];
const PORT_MAX = 65_535;

export interface StartConfig {
  readonly checkout: string;
  /** The data folder, absolute. */
  readonly home: string;
  readonly host: string;
  /** Nothing: the default, which may be moved when it is taken. */
  readonly ports: Readonly<Record<PortName, number | undefined>>;
  readonly publicUrl: string | undefined;
  readonly demoPassword: string | undefined;
  /** Nothing: mails go to the mail catcher, which only shows them. */
  readonly smtpUrl: string | undefined;
  readonly machineEnv: NodeJS.ProcessEnv;
  readonly passedOn: Readonly<Record<keyof typeof PASSED_ON, NodeJS.ProcessEnv>>;
}

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The environment of `npm start`. An empty variable counts as absent.
 *
 * @throws UserError that names every variable at fault; a value that may be a secret is never repeated
 */
export function readStartConfig(env: NodeJS.ProcessEnv = process.env): StartConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const faults = [...findUnknown(set), ...findBadPorts(set), ...findBadPassword(set['HORTUS_DEMO_PASSWORD'])];
  if (faults.length > 0) throw new UserError(`The configuration is not usable. ${faults.join(' ')}`);
  const port = (name: PortName): number | undefined => {
    const text = set[PORTS[name].variable];
    return text === undefined ? undefined : Number(text);
  };
  return {
    checkout,
    home: resolve(checkout, set['HORTUS_HOME'] ?? '.hortus'),
    host: set['HORTUS_HOST'] ?? '127.0.0.1',
    ports: {
      api: port('api'),
      apiAdmin: port('apiAdmin'),
      workerAdmin: port('workerAdmin'),
      postgres: port('postgres'),
      temporal: port('temporal'),
      temporalUi: port('temporalUi'),
      mailSmtp: port('mailSmtp'),
      mailPage: port('mailPage'),
    },
    publicUrl: set['HORTUS_PUBLIC_URL'],
    demoPassword: set['HORTUS_DEMO_PASSWORD'],
    smtpUrl: set['HORTUS_SMTP_URL'],
    machineEnv: pick(set, [...FROM_THE_MACHINE, ...Object.keys(set).filter((name) => /^(OTEL|AWS)_/.test(name))]),
    passedOn: {
      migrate: pick(set, PASSED_ON.migrate),
      api: pick(set, PASSED_ON.api),
      worker: pick(set, PASSED_ON.worker),
    },
  };
}

function findUnknown(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([
    ...OWN,
    ...Object.values(PORTS).map(({ variable }) => variable),
    ...Object.values(PASSED_ON).flat(),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith('HORTUS_') && !known.has(name))
    .map((name) => `${name} is not a variable of npm start; it knows ${[...known].sort().join(', ')}.`);
}

function findBadPorts(env: NodeJS.ProcessEnv): string[] {
  return Object.values(PORTS)
    .filter(({ variable }) => env[variable] !== undefined && !isPort(env[variable]))
    .map(({ variable }) => `${variable} must be a whole number from 1 to ${String(PORT_MAX)}.`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= PORT_MAX;
}

function findBadPassword(password: string | undefined): string[] {
  if (password === undefined) return [];
  const isLongEnough = password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX;
  const range = `${String(PASSWORD_LENGTH_MIN)} to ${String(PASSWORD_LENGTH_MAX)} characters`;
  return isLongEnough ? [] : [`HORTUS_DEMO_PASSWORD must have ${range}.`];
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}
