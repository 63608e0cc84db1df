import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ZIP_ARTIFACTS_MAX, getZip } from '@hortus/contracts/artifact-batch-api';
import { readZipTicket, writeZipTicket } from './zip-ticket.ts';

it('gives back who asked and for what, in the form that the contract takes', () => {
  const id = fc.uuid();
  const by = fc.oneof(fc.record({ sessionId: id }), fc.record({ apiTokenId: id }));
  const ids = fc.array(id, { minLength: 1, maxLength: ZIP_ARTIFACTS_MAX });
  const { pattern } = getZip.schema.querystring.properties.ticket as { pattern?: string };
  fc.assert(
    fc.property(fc.record({ member: fc.record({ workspaceId: id, userId: id, by }), ids }), (ticket) => {
      const text = writeZipTicket(ticket);
      expect(text).toMatch(new RegExp(pattern ?? ''));
      expect(readZipTicket(text)).toEqual(ticket);
    }),
  );
});
