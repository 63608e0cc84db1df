import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { ConfigError, readConfig } from './config.ts';

const Variables = Type.Object({
  HORTUS_UPLOAD_MAX_BYTES: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'Largest upload' }),
  HORTUS_SECRET_KEY: Type.String({ minLength: 8, description: 'A key' }),
  HORTUS_WEB_FOLDER: Type.Optional(Type.String({ description: 'A folder' })),
  HORTUS_IS_OPEN: Type.Boolean({ default: false, description: 'Whether it is open' }),
});
const read = (env: Record<string, string>) => readConfig(Variables, env, 'docs/variables.md');

function faultsOf(env: Record<string, string>): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the configuration', () => {
  it('has names of its own, numbers and truth values from their text, and defaults', () => {
    expect(read({ HORTUS_SECRET_KEY: 'long enough', HORTUS_UPLOAD_MAX_BYTES: '42', HORTUS_IS_OPEN: 'true' })).toEqual({
      secretKey: 'long enough',
      uploadMaxBytes: 42,
      isOpen: true,
    });
    expect(read({ HORTUS_SECRET_KEY: 'long enough' })).toEqual({
      secretKey: 'long enough',
      uploadMaxBytes: 10,
      isOpen: false,
    });
  });

  it('takes an empty variable as absent', () => {
    expect(read({ HORTUS_SECRET_KEY: 'long enough', HORTUS_UPLOAD_MAX_BYTES: '' }).uploadMaxBytes).toBe(10);
    expect(faultsOf({ HORTUS_SECRET_KEY: '' })).toContain('HORTUS_SECRET_KEY is not set');
  });

  it.each(['0', '101', '1.5', '1e1', 'ten', '0x10', ' 5', '999999999999999999'])(
    'names a malformed variable, its form and the document: %s',
    (text) => {
      const faults = faultsOf({ HORTUS_SECRET_KEY: 'long enough', HORTUS_UPLOAD_MAX_BYTES: text });
      expect(faults).toContain('HORTUS_UPLOAD_MAX_BYTES must be a whole number from 1 to 100 (Largest upload)');
      expect(faults).toContain('docs/variables.md');
    },
  );

  it.each([
    [Type.String({ minLength: 8 }), 'short', 'a text of 8 characters or more'],
    [Type.String({ pattern: '^https?://' }), 'ftp://x', 'a text that matches ^https?://'],
    [Type.String({ minLength: 3, pattern: '^[a-z]+$' }), 'ABC', 'a text of 3 characters or more that matches ^[a-z]+$'],
    [Type.Boolean(), 'yes', 'true or false'],
    [Type.Enum(['one', 'two']), 'three', 'one of one, two'],
    [Type.Integer(), 'x', 'a whole number'],
    [Type.Integer({ minimum: 3 }), '2', 'a whole number of 3 or more'],
    [Type.Integer({ maximum: 3 }), '4', 'a whole number of 3 or less'],
  ])('says what form a variable must have, whether it is missing or malformed: %#', (schema, malformed, form) => {
    const variables = Type.Object({ HORTUS_X: Type.Unsafe({ ...schema, description: 'What it is for' }) });
    const reading = (env: Record<string, string>) => () => readConfig(variables, env, 'docs/variables.md');
    const whole = (fault: string) =>
      `The configuration is not usable. HORTUS_X ${fault} ${form} (What it is for). See docs/variables.md.`;
    expect(reading({})).toThrow(new ConfigError(whole('is not set; it must be')));
    expect(reading({ HORTUS_X: malformed })).toThrow(new ConfigError(whole('must be')));
  });

  it('leaves out an optional variable that is absent, and can not be changed', () => {
    const config = read({ HORTUS_SECRET_KEY: 'long enough', HORTUS_WEB_FOLDER: '' });
    expect('webFolder' in config).toBe(false);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names an unknown variable, and leaves those of others alone', () => {
    expect(faultsOf({ HORTUS_SECRET_KEY: 'long enough', HORTUS_UPLOAD_MAX_BITES: '1' })).toContain(
      'HORTUS_UPLOAD_MAX_BITES is not a variable of this program',
    );
    expect(read({ HORTUS_SECRET_KEY: 'long enough', PATH: '/bin' }).secretKey).toBe('long enough');
  });

  it('names all faults at once and never repeats a value', () => {
    const faults = faultsOf({ HORTUS_SECRET_KEY: 'canary', HORTUS_IS_OPEN: 'canary', HORTUS_TYPO: 'canary' });
    for (const name of ['HORTUS_SECRET_KEY', 'HORTUS_IS_OPEN', 'HORTUS_TYPO']) expect(faults).toContain(name);
    expect(faults).not.toContain('canary');
  });
});
