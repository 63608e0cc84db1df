import { describe, expect, it } from '@jest/globals';
import { createSseParser, type SseMessage } from './sse-parser.ts';

function parse(...chunks: string[]): SseMessage[] {
  const parser = createSseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe('createSseParser', () => {
  it('reads type, data and id', () => {
    expect(parse('event: artifact.changed\nid: 7\ndata: {"a":1}\n\n')).toEqual([
      { type: 'artifact.changed', data: '{"a":1}', id: '7' },
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
        { type: 'x', data: 'one\ntwo', id: '1' },
        { type: 'message', data: 'three', id: '1' },
      ]);
      expect(parse(...stream)).toEqual(whole);
      for (let cut = 1; cut < stream.length; cut++) {
        expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(whole);
      }
    }
  });

  it('passes over comments, unknown fields, and messages without data, whose id still counts', () => {
    expect(parse(': hello\n\nretry: 10\nid: 4\nevent: nothing\n\ndata: x\n\n')).toEqual([
      { type: 'message', data: 'x', id: '4' },
    ]);
  });

  it('keeps one leading blank of a value at the most, and a field without colon is empty', () => {
    expect(parse('data:  two blanks\ndata\n\n')).toEqual([{ type: 'message', data: ' two blanks\n', id: '' }]);
  });

  it('drops a byte order mark, an id with NUL, and an incomplete message', () => {
    expect(parse('\uFEFFid: a\0b\ndata: x\n\ndata: lost\n')).toEqual([{ type: 'message', data: 'x', id: '' }]);
  });
});
