import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { getVariant } from '@hortus/contracts/delivery-api';
import type { ObjectStore } from '@hortus/service/object-store';
import { ProblemError } from '@hortus/service/problem';
import { sendObject } from '../http/send-object.ts';
import type { AddressSigner } from './address-signer.ts';

/** The variant's bytes never change, so a cache may keep them for ever; only this browser's, since the address is a secret. */
const CACHE_CONTROL = 'private, max-age=31536000, immutable';

export const deliveryRoutes: FastifyPluginAsyncTypebox<{ store: ObjectStore; signer: AddressSigner }> = async (
  app,
  { store, signer },
) => {
  app.route({
    ...getVariant,
    handler: async (request, reply) => {
      const { workspaceId, fileName } = request.params;
      if (!signer.verify(`/assets/${workspaceId}/${fileName}`, request.query)) {
        throw new ProblemError('ADDRESS_NOT_SIGNED', 'Ask for the manifest again; it gives addresses that work.');
      }
      reply.header('cross-origin-resource-policy', 'same-origin');
      const isSent = await sendObject(request, reply, store, {
        key: `${workspaceId}/variants/${fileName}`,
        etag: `"${fileName}"`,
        contentType: `image/${fileName.slice(fileName.lastIndexOf('.') + 1)}`,
        cacheControl: CACHE_CONTROL,
      });
      if (!isSent) throw new ProblemError('NOT_FOUND', 'The picture was removed.');
      return reply;
    },
  });
};
