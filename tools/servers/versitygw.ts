import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canConnect } from '../processes/can-connect.ts';
import { chooseFreePort } from '../processes/free-port.ts';
import { startProgram, type RunningProgram } from '../processes/program.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { Say } from '../terminal/say.ts';
import { readServersConfig } from './config.ts';
import { findServer } from './find-server.ts';
import { SERVERS } from './server-table.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const TAIL_LINES = 20;

/** An S3 server with one empty bucket, which a test may stop and start again at the same port with the same objects. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** @param folder an absolute folder, left as it is in the end */
export async function startVersitygw(folder: string, say: Say = () => undefined): Promise<S3Server> {
  const binary = await findServer(SERVERS.versitygw, readServersConfig(), say);
  const port = await chooseFreePort();
  const bucket = 'hortus';
  const accessKeyId = 'hortus-tests';
  const secretAccessKey = 'secret-of-the-tests';
  const objects = join(folder, 'objects');
  const sidecar = join(folder, 'sidecar');
  // The gateway takes folders of its own folder for buckets.
  await Promise.all([mkdir(join(objects, bucket), { recursive: true }), mkdir(sidecar, { recursive: true })]);
  const tail: string[] = [];
  let program: RunningProgram | undefined;

  async function start(): Promise<void> {
    const address = `127.0.0.1:${String(port)}`;
    // What is known of objects lies beside them: not every file system has extended attributes.
    const args = ['--port', address, '--quiet', '--keep-alive', 'posix', '--sidecar', sidecar, objects];
    const env = { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey };
    const running = await startProgram({ command: binary, args, cwd: '/', env }, ({ text }) => {
      tail.push(text);
      if (tail.length > TAIL_LINES) tail.shift();
    });
    program = running;
    const isReady = await waitUntil(
      () => canConnect(port),
      READY_TIMEOUT_MS,
      () => running.hasExited(),
    );
    if (isReady) return;
    await running.kill();
    throw new Error(`versitygw did not come up:\n${tail.join('\n')}`);
  }

  await start();
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    bucket,
    accessKeyId,
    secretAccessKey,
    start,
    async stop() {
      await program?.stop('SIGTERM', STOP_TIMEOUT_MS);
    },
    async kill() {
      await program?.kill();
    },
  };
}
