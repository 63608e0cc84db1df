import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

const CANARY = 'canary-6f1c';
const SECRET_NAMES = [
  ...['authorization', 'cookie', 'set-cookie', 'password', 'accessToken'],
  ...['refreshToken', 'secretKey', 'serviceKey', 'databaseUrl', 'signature'],
];

function logInto(): { logger: ReturnType<typeof createLogger>; lines: string[] } {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', level: 'info' }, { write: (line) => void lines.push(line) });
  return { logger, lines };
}

describe('the log', () => {
  it.each(SECRET_NAMES)('never shows what stands at %s, wherever it stands', (name) => {
    const { logger, lines } = logInto();
    const secret = { [name]: CANARY };
    logger.info(secret, 'on top');
    logger.info({ person: secret }, 'one below');
    logger.info({ request: { person: secret } }, 'two below');
    logger.info({ req: { headers: secret }, res: { headers: secret } }, 'in headers');
    logger.error({ err: Object.assign(new Error('refused'), secret, { request: secret }) }, 'in an error');
    logger.child(secret).child({ person: secret }).info('in what a child always says');
    expect(lines).toHaveLength(6);
    expect(secret).toEqual({ [name]: CANARY });
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(Number),
        severity: expect.any(String),
        time: expect.any(String),
        service: 'test',
      });
    }
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines.join('')).toContain('[redacted]');
  });

  it('is one JSON object a line, with level, time, service and message', () => {
    const { logger, lines } = logInto();
    logger.warn({ count: 3 }, 'a line\nthat tries to be two');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      severity: 'warn',
      service: 'test',
      count: 3,
      msg: 'a line\nthat tries to be two',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('tells an error with its causes', () => {
    const { logger, lines } = logInto();
    const middle = new Error('middle', { cause: new TypeError('inner') });
    logger.error({ err: new Error('outer', { cause: middle }) }, 'it went wrong');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: {
        message: 'outer',
        stack: expect.stringContaining('logger.spec'),
        cause: { message: 'middle', cause: { type: 'TypeError', message: 'inner' } },
      },
    });
  });

  it('leaves out what is less severe than asked for', () => {
    const { logger, lines } = logInto();
    logger.debug('not this');
    expect(lines).toEqual([]);
  });
});
