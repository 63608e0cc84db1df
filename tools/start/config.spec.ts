import { describe, expect, it } from '@jest/globals';
import { readStartConfig } from './config.ts';

describe('readStartConfig', () => {
  it('has a default for everything', () => {
    const config = readStartConfig({ PATH: '/bin' });
    expect(config.home).toBe(`${config.checkout}/.hortus`);
    expect(config.host).toBe('127.0.0.1');
    expect(Object.values(config.ports).every((port) => port === undefined)).toBe(true);
  });

  it('passes each program only its own variables, and the machine only what all need', () => {
    const config = readStartConfig({
      PATH: '/bin',
      NPM_TOKEN: 'secret',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317',
      HORTUS_LOG_LEVEL: 'debug',
      HORTUS_UPLOAD_MAX_BYTES: '5',
      HORTUS_CPU_SLOTS: '1',
    });
    expect(config.machineEnv).toEqual({ PATH: '/bin', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317' });
    expect(config.passedOn).toEqual({
      migrate: { HORTUS_LOG_LEVEL: 'debug' },
      api: { HORTUS_LOG_LEVEL: 'debug', HORTUS_UPLOAD_MAX_BYTES: '5' },
      worker: { HORTUS_LOG_LEVEL: 'debug', HORTUS_CPU_SLOTS: '1' },
    });
  });

  it('counts an empty variable as absent', () => {
    expect(readStartConfig({ HORTUS_PORT: '', HORTUS_DEMO_PASSWORD: '' }).ports.api).toBeUndefined();
  });

  it('names every variable at fault at once, and repeats no password', () => {
    const read = () => readStartConfig({ HORTUS_PROT: '1', HORTUS_PORT: '80a', HORTUS_DEMO_PASSWORD: 'short' });
    expect(read).toThrow(/HORTUS_PROT is not.*HORTUS_PORT must be.*HORTUS_DEMO_PASSWORD must have/s);
    expect(read).not.toThrow(/short/);
  });
});
