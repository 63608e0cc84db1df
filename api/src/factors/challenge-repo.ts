import type { Knex } from 'knex';
import type { Challenge } from './challenge.ts';

/** Whether it is the first use of the challenge, by anybody. Needs the scope `userId` of the person whom it works for. */
export async function useChallenge(
  tx: Knex.Transaction,
  userId: string,
  { sha256, expiresAt }: Challenge<unknown>,
): Promise<boolean> {
  await tx('usedChallenges').where({ userId }).where('expiresAt', '<', tx.raw('now()')).delete();
  // Without naming what may conflict: then PostgreSQL asks for no policy that shows the row in the way.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into used_challenges (sha256, user_id, expires_at) values (:sha256, :userId, :expiresAt) on conflict do nothing`,
    { sha256, userId, expiresAt },
  );
  return rowCount > 0;
}
