import { downloadArchive } from './download-archive.ts';
import { buildGoCommand } from './build-go-command.ts';
import { downloadPlaywrightBrowser } from './download-playwright-browser.ts';
import { installDebianPackage } from './install-debian-package.ts';
import type { ObtainStep } from './obtain-step.ts';

/** A program that npm does not carry, and every way to come by it. */
export interface ServerEntry {
  /** As a person calls it. */
  readonly name: string;
  /** The environment variable that names a binary, or the folder in which one of `commands` lies. */
  readonly variable: string;
  /** Names to look for in PATH, the preferred one first. */
  readonly commands: readonly string[];
  /** The pin. It is part of the cached file's name, so another pin is obtained anew. */
  readonly version: string;
  /** Oldest version that a binary found in PATH may have; its `--version` is asked. */
  readonly versionMin?: { readonly major: number; readonly minor: number };
  /** Tried in this order when nothing is found. */
  readonly steps: readonly ObtainStep[];
  /** What a person can do when every way failed. */
  readonly advice: string;
}

const TEMPORAL_CLI_VERSION = '1.5.1';
const VERSITYGW_VERSION = '1.8.0';
const KUBERNETES_VERSION = '1.36.3';
const ETCD_VERSION = '3.6.8';
/** Where Kubernetes' own tools look for the programs of a control plane. */
const CONTROL_PLANE_VARIABLE = 'KUBEBUILDER_ASSETS';

/** A program of Kubernetes. Without the ldflags it calls itself v0.0.0, which charts and clients can't read. */
function kubernetesProgram(command: string): ServerEntry {
  const version = 'k8s.io/component-base/version';
  return {
    name: command,
    variable: CONTROL_PLANE_VARIABLE,
    commands: [command],
    version: KUBERNETES_VERSION,
    versionMin: { major: 1, minor: 36 },
    steps: [
      buildGoCommand({
        moduleFile: 'kubernetes.mod',
        module: 'k8s.io/kubernetes',
        command: `k8s.io/kubernetes/cmd/${command}`,
        version: KUBERNETES_VERSION,
        ldflags: `-s -w -X ${version}.gitVersion=v${KUBERNETES_VERSION} -X ${version}.gitMajor=1 -X ${version}.gitMinor=36`,
      }),
    ],
    advice: `install ${command} ${KUBERNETES_VERSION}, or Go 1.26 or newer to have it built`,
  };
}

/** A new server is one more entry here. */
export const SERVERS = {
  temporalCli: {
    name: 'Temporal CLI',
    variable: 'TEMPORAL_CLI',
    commands: ['temporal'],
    version: TEMPORAL_CLI_VERSION,
    versionMin: { major: 1, minor: 5 },
    steps: [
      downloadArchive({
        folderUrl: `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_CLI_VERSION}`,
        archive: (os, cpu) => `temporal_cli_${TEMPORAL_CLI_VERSION}_${os}_${cpu}.tar.gz`,
        checksums: 'checksums.txt',
        member: 'temporal',
      }),
      buildGoCommand({
        module: 'github.com/temporalio/cli',
        command: 'github.com/temporalio/cli/cmd/temporal',
        version: TEMPORAL_CLI_VERSION,
        ldflags: `-s -w -X github.com/temporalio/cli/temporalcli.Version=${TEMPORAL_CLI_VERSION}`,
      }),
    ],
    advice: 'install the Temporal CLI 1.5 or newer (docs.temporal.io/cli), or Go 1.25 or newer to have it built',
  },
  versitygw: {
    name: 'S3 server versitygw',
    variable: 'VERSITYGW',
    commands: ['versitygw'],
    version: VERSITYGW_VERSION,
    steps: [
      buildGoCommand({
        module: 'github.com/versity/versitygw',
        moduleFile: 'versitygw.mod',
        command: 'github.com/versity/versitygw/cmd/versitygw',
        version: VERSITYGW_VERSION,
        ldflags: `-s -w -X main.Version=${VERSITYGW_VERSION}`,
      }),
    ],
    advice: 'install versitygw 1.8 or newer (github.com/versity/versitygw), or Go 1.25 or newer to have it built',
  },
  redis: {
    name: 'Redis server',
    variable: 'REDIS_SERVER',
    commands: ['redis-server', 'valkey-server'],
    version: 'debian',
    versionMin: { major: 7, minor: 0 },
    steps: [installDebianPackage('redis-server', 'redis-server')],
    advice: 'install Redis 7 or Valkey',
  },
  etcd: {
    name: 'etcd',
    variable: CONTROL_PLANE_VARIABLE,
    commands: ['etcd'],
    version: ETCD_VERSION,
    versionMin: { major: 3, minor: 5 },
    steps: [
      buildGoCommand({
        moduleFile: 'kubernetes.mod',
        module: 'go.etcd.io/etcd/server/v3',
        command: 'go.etcd.io/etcd/server/v3',
        version: ETCD_VERSION,
        ldflags: '-s -w',
      }),
    ],
    advice: 'install etcd 3.5 or newer, or Go 1.26 or newer to have it built',
  },
  kubeApiserver: kubernetesProgram('kube-apiserver'),
  kubeControllerManager: kubernetesProgram('kube-controller-manager'),
  chromium: {
    name: 'Chromium',
    variable: 'CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    version: 'playwright',
    steps: [downloadPlaywrightBrowser(), installDebianPackage('chromium', 'chromium')],
    advice: 'install Chromium or Chrome',
  },
} as const satisfies Record<string, ServerEntry>;
