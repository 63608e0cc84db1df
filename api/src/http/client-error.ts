import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { ERRORS, type ErrorCode } from '@hortus/contracts/errors';
import { PROBLEM_MEDIA_TYPE, toProblem } from '@hortus/service/problem';

const DETAILS = {
  REQUEST_TIMEOUT: 'Send the request again, in one go.',
  HEADERS_TOO_LARGE: 'The first line and all headers together may have at most 16 KiB.',
  REQUEST_INVALID: 'Send HTTP as RFC 9112 has it.',
} as const satisfies Partial<Record<ErrorCode, string>>;

const CODES: Readonly<Record<string, keyof typeof DETAILS>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
};

/**
 * Answers what Node could not read as a request: slow, too large, or of a form by which two servers could disagree where it
 * ends. The connection ends with it, since nobody knows what its next byte means.
 */
export function answerClientError(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code = CODES[error.code ?? ''] ?? 'REQUEST_INVALID';
  const requestId = randomUUID();
  this.log.info({ code, cause: error.code, requestId, remoteAddress: socket.remoteAddress }, 'no request was read');
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status } = ERRORS[code];
  const body = JSON.stringify(toProblem(code, { detail: DETAILS[code], requestId }));
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `content-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`,
  );
}
