import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity } from '../processes/process-identity.mjs';

/** What runs. The next start reads it after a kill, and the demo's commands find the running product by it. */
export interface RunRecord {
  /** The process of `npm start`. */
  readonly starter: ProcessIdentity;
  /** Where browsers find the product. */
  readonly url: string;
  /** Where programs on this machine find the api. */
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Whether the start came to its end. */
  readonly isReady: boolean;
  /** What the starter has started and not yet seen end. */
  readonly children: readonly ({ readonly name: string } & ProcessIdentity)[];
}

/** @returns nothing when there is no record, or none that can be read: then there is nothing to end */
export function readRunRecord(path: string): RunRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRunRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isIdentity(value['starter']) || !Array.isArray(value['children'])) return false;
  const texts = ['url', 'apiUrl', 'temporalAddress', 'temporalNamespace'];
  const hasTexts = texts.every((name) => typeof value[name] === 'string');
  return hasTexts && value['children'].every((child) => isIdentity(child) && typeof child['name'] === 'string');
}

function isIdentity(value: unknown): value is ProcessIdentity & Record<string, unknown> {
  // A pid of 0 or below would name a whole group, or every process there is.
  return (
    isObject(value) &&
    Number.isInteger(value['pid']) &&
    Number(value['pid']) > 1 &&
    typeof value['startedAt'] === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Synchronous: a child is in the record before anything else can happen, a kill of the starter included. */
export function writeRunRecord(path: string, record: RunRecord): void {
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
