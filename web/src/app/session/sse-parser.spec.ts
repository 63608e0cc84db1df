import { describe, expect, it } from '@jest/globals';
import { createSseParser, type SseMessage } from './sse-parser.ts';

function parse(...chunks: string[]): SseMessage[] {
  const parser = createSseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe('createSseParser', () => {
  it('reads type and data', () => {
    expect(parse('event: artifact.changed\nid: 7\ndata: {"a":1}\n\n')).toEqual([
      { type: 'artifact.changed', data: '{"a":1}' },
    ]);
  });

  it('gives the same messages however the stream is cut, for each kind of line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const stream = [
        'id: 1',
        'event: x',
        'data: one',
        'data: two',
        '',
        ': still here',
        '',
        'data: three',
        '',
        '',
      ].join(end);
      const whole = parse(stream);
      expect(whole).toEqual([
        { type: 'x', data: 'one\ntwo' },
        { type: 'message', data: 'three' },
      ]);
      expect(parse(...stream.split(''))).toEqual(whole);
      for (let cut = 1; cut < stream.length; cut++) {
        expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(whole);
      }
    }
  });

  it('remembers what to resume behind, also from an id without data, but only once the message is complete', () => {
    const parser = createSseParser();
    expect(parser.lastEventId()).toBe('');
    parser.push('id: 4\n\n');
    expect(parser.lastEventId()).toBe('4');
    parser.push('id: 5\ndata: x\n');
    expect(parser.lastEventId()).toBe('4');
    parser.push('\n');
    expect(parser.lastEventId()).toBe('5');
    parser.push('id: a\0b\ndata: y\n\n');
    expect(parser.lastEventId()).toBe('5');
  });

  it('passes over comments, unknown fields, and messages without data', () => {
    expect(parse(': hello\n\nretry: 10\nid: 4\nevent: nothing\n\ndata: x\n\n')).toEqual([
      { type: 'message', data: 'x' },
    ]);
  });

  it('keeps one leading blank of a value at the most, and a field without colon is empty', () => {
    expect(parse('data:  two blanks\ndata\n\n')).toEqual([{ type: 'message', data: ' two blanks\n' }]);
  });

  it('drops a byte order mark and an incomplete message', () => {
    expect(parse('\uFEFFid: 1\ndata: x\n\ndata: lost\n')).toEqual([{ type: 'message', data: 'x' }]);
  });
});
