import type { Knex } from 'knex';
import type { Quota, Usage } from '@hortus/contracts/quota-api';

/* Everything here needs the scope `workspaceId`. */

const COLUMNS = ['bytes', 'uploadBytes', 'artifacts', 'bytesMax', 'artifactsMax'] as const;

export async function findUsage(tx: Knex.Transaction, workspaceId: string): Promise<Usage | undefined> {
  return tx('workspaceUsage')
    .where({ workspaceId })
    .first<Usage | undefined>(...COLUMNS);
}

/** Undefined where there is no such workspace. */
export async function setQuota(tx: Knex.Transaction, workspaceId: string, quota: Quota): Promise<Usage | undefined> {
  const { bytesMax, artifactsMax } = quota;
  const rows = await tx('workspaceUsage')
    .where({ workspaceId })
    .update({ bytesMax, artifactsMax })
    .returning<Usage[]>([...COLUMNS]);
  return rows[0];
}
