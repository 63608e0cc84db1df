import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { sayProgress } from '../terminal/say.ts';
import type { ObtainContext, ObtainStep } from './obtain-step.ts';
import { runQuietly } from './run-quietly.ts';

/** A publisher's release: an archive, and beside it a file with the checksums of all archives (`sha256sum` form). */
export interface Release {
  readonly folderUrl: string;
  archive(os: string, cpu: string): string;
  readonly checksums: string;
  /** The file in the archive that is wanted. */
  readonly member: string;
}

/** Where there is no way out to the publisher, that is known soon; a person should not wait for a firewall. */
const REACH_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 30_000;
const MIB = 1_048_576;

/** The publisher's own binary, its checksum verified before it is unpacked. */
export function downloadArchive(release: Release): ObtainStep {
  return {
    title: `the publisher's download (${new URL(release.folderUrl).host})`,
    obtain: async (context) => {
      const archive = release.archive(process.platform, process.arch === 'x64' ? 'amd64' : process.arch);
      const checksum = findChecksum(await fetchText(`${release.folderUrl}/${release.checksums}`), archive);
      if (checksum === undefined) throw new Error(`the publisher lists no ${archive}`);
      return unpack(release, archive, checksum, context);
    },
  };
}

/** The SHA-256 of `name` in the output of `sha256sum`: `<hash>  <name>`, the name after `*` in binary mode. */
export function findChecksum(list: string, name: string): string | undefined {
  return list
    .split('\n')
    .map((line) => /^([0-9a-f]{64})\s+\*?(?:\.\/)?(.+?)\s*$/i.exec(line))
    .find((match) => match?.[2] === name)?.[1]
    ?.toLowerCase();
}

async function fetchText(url: string): Promise<string> {
  const response = await reach(url);
  return response.text();
}

async function reach(url: string, signal = AbortSignal.timeout(REACH_TIMEOUT_MS)): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${new URL(url).host} cannot be reached (${cause})`, { cause: error });
  }
  if (!response.ok) throw new Error(`${url} answers ${String(response.status)}`);
  return response;
}

async function unpack(release: Release, archive: string, checksum: string, context: ObtainContext): Promise<string> {
  const folder = `${context.target}.${String(process.pid)}`;
  await mkdir(folder, { recursive: true });
  try {
    const file = join(folder, archive);
    const actual = await download(`${release.folderUrl}/${archive}`, file, context);
    if (actual !== checksum) throw new Error(`the checksum of ${archive} is ${actual}, published is ${checksum}`);
    await runQuietly('tar', ['-xzf', file, '-C', folder, release.member], { env: context.config.env });
    await chmod(join(folder, release.member), 0o755);
    await rename(join(folder, release.member), context.target);
    return context.target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns the SHA-256 of what came */
async function download(url: string, file: string, { say }: ObtainContext): Promise<string> {
  const stall = new AbortController();
  let timer = setTimeout(() => {
    stall.abort(new Error(`no byte came for ${String(STALL_TIMEOUT_MS / 1_000)} s`));
  }, STALL_TIMEOUT_MS);
  const response = await reach(url, stall.signal);
  if (response.body === null) throw new Error(`${url} is empty`);
  const total = Number(response.headers.get('content-length') ?? 0) / MIB;
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      timer = timer.refresh();
      done(null, chunk);
    },
  });
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  try {
    await sayProgress(
      say,
      (seconds) => `downloaded ${(bytes / MIB).toFixed(0)} of ${total.toFixed(0)} MiB, ${String(seconds)} s`,
      pipeline(body, meter, createWriteStream(file), { signal: stall.signal }),
    );
  } finally {
    clearTimeout(timer);
  }
  return hash.digest('hex');
}
