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
