import { withWorkspace } from '../../api/src/db/scope.ts';
import { queueMail } from '../../api/src/mail/mail-repo.ts';
import type { TestApi } from '../test/fixtures/api.ts';
import { fill } from './disclosure.ts';
import { plantPlace } from './places.ts';
import type { WallSettings } from './wall-probe.ts';

/** Two workspaces with rows in every table. @returns the settings of one of them */
export async function plantWallRows(api: TestApi): Promise<WallSettings> {
  const place = await plantPlace(api, 'inside');
  for (const one of [place, await plantPlace(api, 'outside')]) {
    await fill(one);
    const mail = { to: one.owner.email, subject: one.label, text: one.label, html: one.label, keptMinutes: 60 };
    await withWorkspace(api.knex, one.workspaceId, (tx) => queueMail(tx, mail));
  }
  const { id: user_id, email } = place.owner;
  const [row] = await api.database.query<{ link_id: string; identity: string }>(
    `select (select id from email_links where user_id = $1 limit 1) as link_id,
       (select id from openid_identities where user_id = $1 limit 1) as identity`,
    [user_id],
  );
  if (row === undefined) throw new Error('a select without a table has a row');
  return { workspace_id: place.workspaceId, user_id, email, ...row };
}
