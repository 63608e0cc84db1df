import type { Knex } from 'knex';
import type { Logger } from '@hortus/service/logger';
import { deleteFolder, type ObjectStore } from '@hortus/service/object-store';
import { withScope, withWorkspace } from '../db/scope.ts';
import { deleteUpload, emptyUpload, listExpiredUploads } from './upload-repo.ts';
import { uploadFolder } from './upload-service.ts';

const SWEEP_EVERY_MS = 5 * 60 * 1000;
const UPLOADS_PER_SWEEP = 200;
/** For so long an upload that has expired is told as expired, and then as one that never was. */
const REMEMBERED_DAYS = 7;

/**
 * Removes the bytes of uploads that have expired, and then the uploads: a bounded number of them, the oldest first. Any
 * number of replicas may sweep at once.
 *
 * @returns how many there were
 */
export async function sweepUploads({ knex, store }: { knex: Knex; store: ObjectStore }): Promise<number> {
  const options = { limit: UPLOADS_PER_SWEEP, rememberedDays: REMEMBERED_DAYS };
  const expired = await withScope(knex, { instance: true }, (tx) => listExpiredUploads(tx, options));
  for (const { workspaceId, id, isForgotten } of expired) {
    await deleteFolder(store, uploadFolder({ workspaceId, id }));
    await withWorkspace(knex, workspaceId, (tx) => (isForgotten ? deleteUpload(tx, id) : emptyUpload(tx, id)));
  }
  return expired.length;
}

export interface UploadSweep {
  /** Ends after the sweep that is under way. */
  close(): Promise<void>;
}

export function startUploadSweep(options: { knex: Knex; store: ObjectStore; logger: Logger }): UploadSweep {
  let sweeping: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(() => sweepUploads(options))
      .catch((error: unknown) => {
        options.logger.warn({ err: error }, 'expired uploads could not be removed; the next sweep tries again');
      });
  }, SWEEP_EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
