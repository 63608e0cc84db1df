import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { chooseFreePort } from '../processes/free-port.ts';
import { startProgram, type ProgramCommand, type RunningProgram } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { OutputLine } from '../terminal/log-line.ts';
import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findServer } from './find-server.ts';
import { SERVERS } from './server-table.ts';

/** etcd, the API server and the controller manager of Kubernetes, without a node: objects are real, pods never run. */
export interface ControlPlane {
  readonly server: string;
  /** A kubeconfig of an administrator. */
  readonly kubeconfig: string;
  readonly apiServer: { stop(): Promise<void>; start(): Promise<void> };
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const TAIL_LINES = 20;

/** Starts them on free ports of loopback, with their data in `folder`. Whoever starts it stops it. */
export async function startControlPlane(options: {
  readonly folder: string;
  readonly say: Say;
}): Promise<ControlPlane> {
  const { folder, say } = options;
  const config = readServersConfig();
  // One after the other: two builds at once would compile the same packages twice.
  const etcd = await findServer(SERVERS.etcd, config, say);
  const kubeApiserver = await findServer(SERVERS.kubeApiserver, config, say);
  const kubeControllerManager = await findServer(SERVERS.kubeControllerManager, config, say);
  const [etcdPort, peerPort, apiPort] = await Promise.all([chooseFreePort(), chooseFreePort(), chooseFreePort()]);
  const file = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const token = randomBytes(24).toString('hex');
  await writeFile(file('service-accounts.pem'), privateKey, { mode: 0o600 });
  await writeFile(file('tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });

  const env = { PATH: config.env['PATH'], HOME: folder };
  const command = (binary: string, args: Readonly<Record<string, string>>): ProgramCommand => ({
    command: binary,
    args: Object.entries(args).map(([name, value]) => `--${name}=${value}`),
    cwd: folder,
    env,
  });
  const etcdUrl = `http://127.0.0.1:${String(etcdPort)}`;
  const peerUrl = `http://127.0.0.1:${String(peerPort)}`;
  const server = `https://127.0.0.1:${String(apiPort)}`;
  const certificate = file('certificates/apiserver.crt');
  const kubeconfig = file('kubeconfig.json');
  const commands = {
    etcd: command(etcd, {
      'data-dir': file('etcd'),
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `default=${peerUrl}`,
      // What a test writes need not outlive the machine.
      'unsafe-no-fsync': 'true',
      'log-level': 'warn',
    }),
    apiServer: command(kubeApiserver, {
      'etcd-servers': etcdUrl,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-signing-key-file': file('service-accounts.pem'),
      'service-account-key-file': file('service-accounts.pem'),
      'token-auth-file': file('tokens.csv'),
      'authorization-mode': 'RBAC',
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': String(apiPort),
      'cert-dir': file('certificates'),
      'service-cluster-ip-range': '198.19.0.0/24',
    }),
    controllerManager: command(kubeControllerManager, {
      kubeconfig,
      'service-account-private-key-file': file('service-accounts.pem'),
      'root-ca-file': certificate,
      'use-service-account-credentials': 'true',
      'leader-elect': 'false',
      'bind-address': '127.0.0.1',
      'secure-port': '0',
    }),
  };
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf({ server, certificate, token })), { mode: 0o600 });

  const running: RunningProgram[] = [];
  const run = async (name: string, what: ProgramCommand, isReady: () => Promise<boolean>): Promise<RunningProgram> => {
    const tail: string[] = [];
    const program = await startProgram(what, ({ text }: OutputLine) => {
      tail.push(text);
      if (tail.length > TAIL_LINES) tail.shift();
    });
    running.push(program);
    if (await waitUntil(isReady, READY_TIMEOUT_MS, () => program.hasExited())) return program;
    throw new Error(`${name} did not come up:\n${tail.join('\n')}`);
  };
  const stop = async (): Promise<void> => {
    // The last first: a server that loses its store waits for it.
    for (const program of running.toReversed()) await program.stop('SIGTERM', STOP_TIMEOUT_MS);
  };
  const startApiServer = (): Promise<RunningProgram> =>
    run('kube-apiserver', commands.apiServer, () => isReady(`${server}/readyz`, token, certificate));
  try {
    await run('etcd', commands.etcd, () =>
      fetch(`${etcdUrl}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    let apiServer = await startApiServer();
    await run('kube-controller-manager', commands.controllerManager, () =>
      // What it makes first in every namespace, once its own controllers run.
      isReady(`${server}/api/v1/namespaces/default/serviceaccounts/default`, token, certificate),
    );
    return {
      server,
      kubeconfig,
      apiServer: {
        stop: async () => {
          await apiServer.stop('SIGTERM', STOP_TIMEOUT_MS);
        },
        start: async () => {
          apiServer = await startApiServer();
        },
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function kubeconfigOf(cluster: { server: string; certificate: string; token: string }): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: cluster.server, 'certificate-authority': cluster.certificate } }],
    users: [{ name: 'admin', user: { token: cluster.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
}

/** Whether the API server answers 200. Its certificate is its own authority, which it makes when it starts. */
async function isReady(url: string, token: string, certificate: string): Promise<boolean> {
  const ca = await readFile(certificate).catch(() => undefined);
  if (ca === undefined) return false;
  return new Promise((resolve) => {
    const asked = request(url, { ca, headers: { authorization: `Bearer ${token}` }, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => {
      resolve(false);
    });
    asked.end();
  });
}
