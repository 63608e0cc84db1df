import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What to send, as JSON on stdin; what was measured goes to stdout as JSON. It ends by itself. */
export interface LoadPlan {
  readonly port: number;
  /** For each connection its requests as they go over the wire, one after the answer of the other. */
  readonly connections: readonly (readonly string[])[];
  /** From the first again, after the last. */
  readonly isLooped: boolean;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** All answers, those of the warm-up too, and the processor time that this program took for each. */
  readonly answers: number;
  readonly processorEachMs: number;
  /** Answers whose status is not 2xx, with the first of them. */
  readonly failed: number;
  readonly firstFailure: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

const plan = JSON.parse(await text(process.stdin)) as LoadPlan;
const begunAt = performance.now();
const measureAt = begunAt + plan.warmUpMs;
const endAt = measureAt + plan.measureMs;
const times: number[] = [];
let answers = 0;
let failed = 0;
let firstFailure = '';

/** Length of the first whole answer in the bytes; 0 while it is not complete. */
function answerLength(bytes: Buffer): number {
  const head = bytes.indexOf(HEAD_END);
  if (head < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${bytes.toString('latin1', 0, head)}`);
  const end = head + HEAD_END.length + Number(length);
  return bytes.length >= end ? end : 0;
}

/** Sends one request after the other. A server may close a connection after many of them; then another is opened. */
async function drive(requests: readonly string[]): Promise<void> {
  for (let next = 0; next < requests.length || plan.isLooped;) {
    const sent = await driveConnection(requests, next);
    next += sent;
    if (performance.now() >= endAt) return;
    if (sent === 0) throw new Error('the server hung up');
  }
}

/** @returns how many were answered */
function driveConnection(requests: readonly string[], first: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: plan.port, noDelay: true });
    let answered = 0;
    let sentAt = 0;
    let received = Buffer.alloc(0);
    const send = () => {
      const next = first + answered;
      sentAt = performance.now();
      if (sentAt >= endAt || (next >= requests.length && !plan.isLooped)) socket.end();
      else socket.write(requests[next % requests.length] ?? '');
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answered);
    });
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (answerLength(received) === 0) return;
      const now = performance.now();
      answers += 1;
      if (now >= measureAt) times.push(now - sentAt);
      if (received[9] !== 0x32) {
        failed += 1;
        firstFailure ||= received.toString('utf8', 0, 1000);
      }
      received = Buffer.alloc(0);
      answered += 1;
      send();
    });
  });
}

const begun = process.cpuUsage();
await Promise.all(plan.connections.map(drive));
const taken = process.cpuUsage(begun);
const seconds = (Math.min(performance.now(), endAt) - measureAt) / 1000;
times.sort((a, b) => a - b);
const percentile = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
const result: LoadResult = {
  perSecond: times.length / seconds,
  p50Ms: percentile(0.5),
  p95Ms: percentile(0.95),
  p99Ms: percentile(0.99),
  answers,
  processorEachMs: (taken.user + taken.system) / 1000 / answers,
  failed,
  firstFailure,
};
process.stdout.write(JSON.stringify(result));
