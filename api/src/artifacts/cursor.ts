import { ProblemError } from '@hortus/service/problem';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A cursor names the last item of a page, in a form that nobody mistakes for an id. */
export function writeCursor(id: string): string {
  return Buffer.from(`after:${id}`).toString('base64url');
}

/** @throws ProblemError CURSOR_INVALID */
export function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .replace(/^after:/, '');
  if (!UUID.test(id) || writeCursor(id) !== cursor) {
    throw new ProblemError('CURSOR_INVALID', 'Give the `nextCursor` of the page before, or none for the first page.');
  }
  return id;
}
