/** One line of a program's output, and which of its two streams it came by. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** How a program writes its log. `json`: pino or Go's slog, one object a line. `postgres`: Postgres' own text. */
export type LogForm = 'json' | 'postgres';

const PINO_WARN = 40;
const PINO_ERROR = 50;
/** What every line carries and nobody reads at a terminal. */
const FIELDS_LEFT_OUT = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'name',
  'msg',
  'message',
  'v',
  'err',
  'logging-call-at',
  'service',
  'severity',
  // Of Temporal's worker: long, and nothing to a person.
  'taskToken',
  'sdkComponent',
  'isLocal',
  'namespace',
]);
const VALUE_LENGTH_MAX = 60;
const LINE_LENGTH_MAX = 240;

/**
 * What of a program's output belongs on the terminal of the person who started it: warnings, errors, and what a
 * program says outside its log just before it dies. The log file has everything.
 *
 * @returns the line for the terminal, or nothing
 */
export function formatLogLine(form: LogForm, line: OutputLine): string | undefined {
  return form === 'postgres' ? formatPostgresLine(line.text) : formatJsonLine(line);
}

function formatJsonLine({ stream, text }: OutputLine): string | undefined {
  const entry = parseObject(text);
  // A stack trace, or a complaint of Node itself, comes as plain text by stderr; plain text by stdout is a greeting.
  if (entry === undefined) return stream === 'stderr' && text.trim() !== '' ? text : undefined;
  const level = readLevel(entry['level']);
  if (level === undefined) return undefined;
  const error = entry['err'];
  const errorMessage = isRecord(error) && typeof error['message'] === 'string' ? error['message'] : undefined;
  const message = [entry['msg'] ?? entry['message'], errorMessage]
    .filter((part, index, parts) => typeof part === 'string' && parts.indexOf(part) === index)
    .join(': ');
  const fields = Object.entries(entry)
    .filter(([key]) => !FIELDS_LEFT_OUT.has(key))
    .map(([key, value]) => `${key}=${shorten(value)}`);
  // The message is never cut; fields are added as long as the line can still be taken in at a glance.
  return fields.reduce(
    (shown, field) => (shown.length + field.length < LINE_LENGTH_MAX ? `${shown} ${field}` : shown),
    `${level} ${message}`,
  );
}

/** `2026-01-01 10:00:00.000 UTC [123] FATAL:  …`. ERROR is left to the program whose statement it was: it says more. */
function formatPostgresLine(text: string): string | undefined {
  const match = /^\S+ \S+ \S+ \[\d+\] (WARNING|FATAL|PANIC): {1,2}(.*)$/.exec(text);
  return match === null ? undefined : `${match[1] === 'WARNING' ? 'warning' : 'error'} ${match[2] ?? ''}`;
}

function readLevel(level: unknown): 'warning' | 'error' | undefined {
  if (typeof level === 'number') return level >= PINO_ERROR ? 'error' : level >= PINO_WARN ? 'warning' : undefined;
  const name = typeof level === 'string' ? level.toLowerCase() : '';
  if (name.startsWith('warn')) return 'warning';
  return name === 'error' || name === 'fatal' ? 'error' : undefined;
}

function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}…`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
