import { describe, expect, it } from '@jest/globals';
import { formatLogLine } from './log-line.ts';

const out = (text: string) => ({ stream: 'stdout', text }) as const;
const err = (text: string) => ({ stream: 'stderr', text }) as const;

describe('a line of a JSON log', () => {
  it('is shown from warnings up, with its fields and without what is on every line', () => {
    const line = { level: 40, time: '2026-01-01', pid: 7, service: 'api', msg: 'slow query', durationMs: 900 };
    expect(formatLogLine('json', out(JSON.stringify(line)))).toBe('warning slow query durationMs=900');
    expect(formatLogLine('json', out(JSON.stringify({ ...line, level: 30 })))).toBeUndefined();
  });

  it('says the message of an error beside its own, once', () => {
    const err = { message: 'no route to host', stack: 'Error: no route…' };
    expect(formatLogLine('json', out(JSON.stringify({ level: 50, msg: 'mail failed', err })))).toBe(
      'error mail failed: no route to host',
    );
    expect(formatLogLine('json', out(JSON.stringify({ level: 60, msg: err.message, err })))).toBe(
      'error no route to host',
    );
  });

  it('understands levels by name, as Go programs write them', () => {
    expect(formatLogLine('json', err('{"level":"ERROR","msg":"no such shard","shard":3}'))).toBe(
      'error no such shard shard=3',
    );
    expect(formatLogLine('json', err('{"level":"info","msg":"up"}'))).toBeUndefined();
  });

  it('leaves out fields that would make the line too long, never the message', () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`field${String(index)}`, 'x'.repeat(40)]),
    );
    const shown = formatLogLine('json', out(JSON.stringify({ level: 40, msg: 'm'.repeat(300), ...many })));
    expect(shown).toBe(`warning ${'m'.repeat(300)}`);
    expect(formatLogLine('json', out(JSON.stringify({ level: 40, msg: 'm', ...many })))?.length).toBeLessThan(240);
  });

  it('keeps a long value short', () => {
    const shown = formatLogLine('json', out(JSON.stringify({ level: 40, msg: 'm', body: 'x'.repeat(5_000) })));
    expect(shown?.length).toBeLessThan(200);
  });
});

describe('a line that is not JSON', () => {
  it('is shown when it comes by stderr, as a stack trace does', () => {
    expect(formatLogLine('json', err('    at main (main.ts:1:1)'))).toBe('    at main (main.ts:1:1)');
    expect(formatLogLine('json', err('  '))).toBeUndefined();
    expect(formatLogLine('json', out('Server listening'))).toBeUndefined();
    expect(formatLogLine('json', err('{half a line'))).toBe('{half a line');
  });
});

describe('a line of Postgres', () => {
  it('is shown when the server itself is in trouble, not when a statement failed', () => {
    const line = (level: string) => out(`2026-01-01 10:00:00.000 UTC [123] ${level}:  the text`);
    expect(formatLogLine('postgres', line('PANIC'))).toBe('error the text');
    expect(formatLogLine('postgres', line('FATAL'))).toBe('error the text');
    expect(formatLogLine('postgres', line('WARNING'))).toBe('warning the text');
    expect(formatLogLine('postgres', line('ERROR'))).toBeUndefined();
    expect(formatLogLine('postgres', line('LOG'))).toBeUndefined();
    expect(formatLogLine('postgres', out('  continued'))).toBeUndefined();
  });
});
