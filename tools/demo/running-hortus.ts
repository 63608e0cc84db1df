import { isAlive } from '../processes/process-identity.mjs';
import { readStartConfig } from '../start/config.ts';
import { dataFolder } from '../start/data-folder.ts';
import { readRunRecord, type RunRecord } from '../start/run-record.ts';
import { readOrMakeSecrets } from '../start/secrets.ts';
import { UserError } from '../terminal/user-error.ts';

/** @throws UserError when no Hortus runs on the data folder, or none that is ready */
export async function findRunningHortus(): Promise<RunRecord & { readonly serviceKey: string }> {
  const folder = dataFolder(readStartConfig().home);
  const record = readRunRecord(folder.runRecord);
  if (record === undefined || !isAlive(record.starter)) {
    throw new UserError(`No Hortus runs with its data in ${folder.home}. Run npm start in another terminal first.`);
  }
  if (!record.isReady) throw new UserError('Hortus is still starting; wait for its ready line and try again.');
  const { serviceKey } = await readOrMakeSecrets(folder);
  return { ...record, serviceKey };
}
