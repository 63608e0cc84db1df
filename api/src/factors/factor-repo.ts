import type { Knex } from 'knex';
import { raw } from 'objection';
import type { Factors } from '@hortus/contracts/factor-api';
import { RecoveryCodeRow, TotpSecretRow } from './factor-row.ts';

/* Everything here needs the scope `userId`. */

const now = raw('now()') as never;

/** In force or only begun. */
export async function findTotp(tx: Knex.Transaction, userId: string): Promise<TotpSecretRow | undefined> {
  return TotpSecretRow.query(tx).findById(userId);
}

export async function hasTotp(tx: Knex.Transaction, userId: string): Promise<boolean> {
  return (await TotpSecretRow.query(tx).findById(userId).whereNotNull('confirmedAt').select('userId')) !== undefined;
}

/** Keeps a secret that is not in force yet, in place of an earlier one; false when there is one in force. */
export async function keepTotpSecret(tx: Knex.Transaction, userId: string, sealedSecret: Buffer): Promise<boolean> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into totp_secrets (user_id, sealed_secret) values (:userId, :sealedSecret)
     on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = now()
       where totp_secrets.confirmed_at is null`,
    { userId, sealedSecret },
  );
  return rowCount > 0;
}

/** Puts the begun secret in force by the step of its first code; false when it is another one by now, or in force. */
export async function confirmTotpSecret(
  tx: Knex.Transaction,
  { userId, sealedSecret }: TotpSecretRow,
  step: number,
): Promise<boolean> {
  const query = TotpSecretRow.query(tx).where({ userId, sealedSecret }).whereNull('confirmedAt');
  return (await query.patch({ confirmedAt: now, lastStep: step })) > 0;
}

/** Whether no code of this step, nor of a later one, was taken before. Of many at once, one is told true. */
export async function takeTotpStep(tx: Knex.Transaction, userId: string, step: number): Promise<boolean> {
  const query = TotpSecretRow.query(tx).where({ userId }).whereNotNull('confirmedAt').where('lastStep', '<', step);
  return (await query.patch({ lastStep: step })) > 0;
}

/** Whether there was one. The recovery codes go with it. */
export async function deleteTotp(tx: Knex.Transaction, userId: string): Promise<boolean> {
  await RecoveryCodeRow.query(tx).where({ userId }).delete();
  return (await TotpSecretRow.query(tx).deleteById(userId)) > 0;
}

export async function replaceRecoveryCodes(tx: Knex.Transaction, userId: string, hashes: string[]): Promise<void> {
  await RecoveryCodeRow.query(tx).where({ userId }).delete();
  await RecoveryCodeRow.query(tx).insert(hashes.map((sha256) => ({ userId, sha256 })));
}

/** Whether the person has this code, unused until now. Of many at once, one is told true. */
export async function useRecoveryCode(tx: Knex.Transaction, userId: string, sha256: string): Promise<boolean> {
  return (await RecoveryCodeRow.query(tx).where({ userId, sha256 }).whereNull('usedAt').patch({ usedAt: now })) > 0;
}

export async function readFactors(tx: Knex.Transaction, userId: string): Promise<Factors> {
  const { rows } = await tx.raw<{ rows: Factors[] }>(
    `select
       (select confirmed_at from totp_secrets where user_id = :userId) as "totpSince",
       (select count(*)::int from recovery_codes where user_id = :userId and used_at is null) as "recoveryCodesLeft",
       (select count(*)::int from passkeys where user_id = :userId) as passkeys`,
    { userId },
  );
  return rows[0] ?? { totpSince: null, recoveryCodesLeft: 0, passkeys: 0 };
}
