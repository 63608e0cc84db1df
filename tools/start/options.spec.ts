import { describe, expect, it } from '@jest/globals';
import { parseDemoOptions } from '../demo/options.ts';
import { parseStartOptions } from './options.ts';

describe('the arguments of npm start', () => {
  it('are --dev and --help, and nothing else', () => {
    expect(parseStartOptions([])).toEqual({ isDev: false, isHelp: false });
    expect(parseStartOptions(['--dev', '-h'])).toEqual({ isDev: true, isHelp: true });
    expect(() => parseStartOptions(['--port', '1'])).toThrow(/--port/);
    expect(() => parseStartOptions(['now'])).toThrow(/now/);
  });
});

describe('the arguments of the demo', () => {
  it('are a command and its own options', () => {
    expect(parseDemoOptions(['seed'])).toEqual({ command: 'seed', besideOthers: false });
    expect(parseDemoOptions(['seed', '--beside-others'])).toEqual({ command: 'seed', besideOthers: true });
    expect(parseDemoOptions(['reset'])).toEqual({ command: 'reset', isConfirmed: false });
    expect(parseDemoOptions(['reset', '--yes'])).toEqual({ command: 'reset', isConfirmed: true });
    expect(parseDemoOptions(['reset', '--help'])).toEqual({ command: 'help' });
  });

  it('refuse what belongs to the other command, since --yes on seed would hide a mistake', () => {
    expect(() => parseDemoOptions(['seed', '--yes'])).toThrow(/--yes/);
    expect(() => parseDemoOptions([])).toThrow(/seed or reset/);
  });
});
