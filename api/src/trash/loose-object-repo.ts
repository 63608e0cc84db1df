import type { Knex } from 'knex';

/*
 * Objects that may have no artifact (migration 0012). Everything here needs the scope `workspaceId`.
 *
 *   about to be named ──loosenObjects, in a transaction before the bytes are put──▶ loose, since now
 *   has lost an artifact ──loosenObjects──▶ loose, since now
 *   loose for an hour ──holdLoose──▶ held ──named by a version or variant: row removed; by none: object and row removed
 */

/** Does nothing where the workspace is gone; its objects go with it. */
export async function loosenObjects(tx: Knex.Transaction, workspaceId: string, keys: readonly string[]): Promise<void> {
  await tx.raw(
    `insert into loose_objects (workspace_id, key) select w.id, key from workspaces w, unnest(?::text[]) as key
     where w.id = ? order by key
     on conflict (workspace_id, key) do update set since = now()`,
    [keys as string[], workspaceId],
  );
}

/** Loosens every object of the artifacts: originals of all versions, and variants. */
export async function loosenObjectsOf(tx: Knex.Transaction, artifactIds: readonly string[]): Promise<void> {
  await tx.raw(
    `insert into loose_objects (workspace_id, key)
     select distinct workspace_id, key from (
       select workspace_id, format('%s/originals/%s', workspace_id, sha256) as key
         from versions where artifact_id = any(:artifactIds::uuid[])
       union all
       select workspace_id, format('%s/variants/%s-%s.%s', workspace_id, hash, width_px, format)
         from variants where artifact_id = any(:artifactIds::uuid[])) as named
     order by key
     on conflict (workspace_id, key) do update set since = now()`,
    { artifactIds: artifactIds },
  );
}

/**
 * Takes the objects off the list. Waits for a purge that holds one of them; whoever has named it looks behind this whether
 * it is still there.
 */
export async function removeLoose(tx: Knex.Transaction, keys: readonly string[]): Promise<void> {
  await tx.raw('delete from loose_objects where key = any(?::text[])', [keys as string[]]);
}

/** The oldest objects that have been loose for long enough, held until the transaction ends. */
export async function holdLoose(
  tx: Knex.Transaction,
  options: { minutes: number; limit: number },
): Promise<{ key: string; isNamed: boolean }[]> {
  const { rows: held } = await tx.raw<{ rows: { key: string }[] }>(
    `select key from loose_objects where since < now() - make_interval(mins => :minutes)
     order by since limit :limit for update skip locked`,
    options,
  );
  if (held.length === 0) return [];
  // A statement of its own behind the locks: it sees what has been named before they were had.
  const { rows } = await tx.raw<{ rows: { key: string; isNamed: boolean }[] }>(
    `select key,
       exists (select from versions v
               where v.workspace_id = l.workspace_id and v.sha256 = substring(l.key from '/originals/([0-9a-f]{64})$'))
       or exists (select from variants t
                  where t.workspace_id = l.workspace_id and t.hash = substring(l.key from '/variants/([0-9a-f]{32})-')
                    and l.key = format('%s/variants/%s-%s.%s', t.workspace_id, t.hash, t.width_px, t.format)) as "isNamed"
     from loose_objects l where key = any(?::text[])`,
    [held.map(({ key }) => key)],
  );
  return rows;
}
