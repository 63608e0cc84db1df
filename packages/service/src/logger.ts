import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * Where a secret may stand in what is logged. pino replaces the value, at these places and one level below; it is a net
 * under the rule that no secret is handed to the logger at all.
 */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secretKey',
  'serviceKey',
  'databaseUrl',
  'signature',
];

const redactedPaths = SECRET_NAMES.flatMap((name) => {
  const path = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${path}`, `*.*${path}`, `req.headers${path}`, `res.headers${path}`];
});

/**
 * JSON lines on stdout, written in place and not by a worker thread, so that the last lines before a crash are not lost
 * (pino#2054).
 */
export function createLogger(options: { service: string; level: string }, destination?: DestinationStream): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label, level) => ({ level, severity: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
