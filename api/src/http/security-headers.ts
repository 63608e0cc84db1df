import fastifyHelmet from '@fastify/helmet';
import fastifyPlugin from 'fastify-plugin';
import type { FastifyPluginAsync } from 'fastify';

/** What pages of ours have no use for, so that nothing that gets into one has it either. Passkeys are left to ourselves. */
const PERMISSIONS_POLICY = [
  ...['accelerometer', 'autoplay', 'browsing-topics', 'camera', 'display-capture', 'encrypted-media'],
  ...['geolocation', 'gyroscope', 'hid', 'idle-detection', 'local-fonts', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking'],
]
  .map((feature) => `${feature}=()`)
  .join(', ');

const YEAR_S = 31_536_000;

/** The policy of a page of ours, which loads nothing but from here; `styles` are further sources of styles. */
export function pagePolicy(styles: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const plugin: FastifyPluginAsync<{ isBehindTls: boolean }> = async (app, { isBehindTls }) => {
  await app.register(fastifyHelmet, {
    // An answer that is no page loads nothing, and is shown in no frame.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: isBehindTls ? { maxAge: YEAR_S, includeSubDomains: true } : false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', PERMISSIONS_POLICY);
  });
};

/** The headers by which a browser guards people; those of an answer that is no page. */
export const securityHeaders = fastifyPlugin(plugin, { name: 'security-headers', fastify: '5.x' });
