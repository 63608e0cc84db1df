/**
 * Histories as text. The SDK's own conversion (`@temporalio/common/lib/proto-utils`) throws in 1.23 wherever npm installs
 * protobufjs once for `common` and once for `proto` ("type must be a Type"), so the generated class itself is used: the
 * same fields, times as seconds and nanoseconds.
 */
import { createRequire } from 'node:module';
import type { WorkflowHandle } from '@temporalio/client';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

interface HistoryClass {
  fromObject(object: object): History;
  toObject(history: History, options: object): object;
}

const requireAsWorker = createRequire(createRequire(import.meta.url).resolve('@temporalio/worker'));
const proto = requireAsWorker('@temporalio/proto') as {
  temporal: { api: { history: { v1: { History: HistoryClass } } } };
};
const { History: historyClass } = proto.temporal.api.history.v1;

/** Where the code lies on the machine that records is nobody's business, and would make every recording differ. */
function withoutTraces(name: string, value: unknown): unknown {
  return name === 'stackTrace' ? undefined : value;
}

export function historyToText(history: History): string {
  const object = historyClass.toObject(history, { longs: String, enums: String, bytes: String });
  return `${JSON.stringify(object, withoutTraces, 2)}\n`;
}

export function historyFromText(text: string): History {
  return historyClass.fromObject(JSON.parse(text) as object);
}
