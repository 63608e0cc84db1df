import { describe, expect, it } from '@jest/globals';
import { StepBoard } from './step-board.ts';
import { Terminal } from './terminal.ts';

function record(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const terminal = new Terminal({ isTTY, columns, write: (text) => written.push(text) });
  return { written, terminal };
}

describe('the board of steps', () => {
  it('counts what is done, in whatever order steps end', () => {
    const { written, terminal } = record(false);
    const board = new StepBoard(terminal, 2);
    const slow = board.begin('Temporal');
    const quick = board.begin('Postgres');
    quick.done('127.0.0.1:5433');
    slow.done('127.0.0.1:7233');
    board.close();
    const lines = written.join('').trim().split('\n');
    expect(lines[0]).toMatch(/^\[1\/2\] Postgres +0\.0 s {3}127\.0\.0\.1:5433$/);
    expect(lines[1]).toMatch(/^\[2\/2\] Temporal +0\.0 s {3}127\.0\.0\.1:7233$/);
  });

  it('says nothing after it is closed', () => {
    const { written, terminal } = record(true);
    const board = new StepBoard(terminal, 1);
    const step = board.begin('Postgres');
    board.close();
    const before = written.length;
    step.done('late');
    expect(written).toHaveLength(before);
  });
});

describe('the terminal', () => {
  it('keeps the live line below the lines that stay, cut to the width', () => {
    const { written, terminal } = record(true, 20);
    terminal.live('a live line that is too long');
    written.length = 0;
    terminal.line('stays');
    expect(written.join('')).toBe('\r\u001b[Kstays\na live line that i…');
  });

  it('writes no control characters where nothing can be rewritten', () => {
    const { written, terminal } = record(false);
    terminal.live('live');
    terminal.line('stays');
    terminal.live('');
    expect(written.join('')).toBe('stays\n');
  });
});
