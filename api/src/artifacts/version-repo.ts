import type { Knex } from 'knex';
import { raw, type QueryBuilder } from 'objection';
import { THUMBNAIL_WIDTH_MAX_PX } from './variant-row.ts';
import { VersionRow } from './version-row.ts';

/* Everything here needs the scope `workspaceId`. */

/** Copies what the gardener found out of the original to its version, before another takes its place. */
export async function keepCurrentVersion(tx: Knex.Transaction, artifactId: string): Promise<void> {
  await tx.raw(
    `update versions v set
       status = a.status, failure = a.failure, picture_width_px = a.picture_width_px,
       picture_height_px = a.picture_height_px, thumbhash = a.thumbhash, dominant_color = a.dominant_color,
       variants_expected = a.variants_expected, dropped = a.dropped
     from artifacts a
     where a.id = ? and v.workspace_id = a.workspace_id and v.artifact_id = a.id and v.version = a.original_version`,
    [artifactId],
  );
}

/** Makes the version of the original that the artifact has now. */
export async function insertVersion(tx: Knex.Transaction, artifactId: string, userId: string | null): Promise<void> {
  await tx.raw(
    `insert into versions
       (workspace_id, artifact_id, version, kind, content_type, size_bytes, sha256, user_id, uploaded_at, status)
     select workspace_id, id, original_version, kind, original_content_type, original_size_bytes, original_sha256,
       ?::uuid, original_uploaded_at, status
     from artifacts where id = ?`,
    [userId, artifactId],
  );
}

const facts = ['picture_width_px', 'picture_height_px', 'thumbhash', 'dominant_color'];

function versions(tx: Knex.Transaction, artifactId: string): QueryBuilder<VersionRow, VersionRow[]> {
  return VersionRow.query(tx)
    .join('artifacts as a', (on) => {
      on.on('a.workspaceId', 'versions.workspaceId').andOn('a.id', 'versions.artifactId');
    })
    .where('versions.artifactId', artifactId)
    .select('versions.workspaceId', 'versions.artifactId', 'version', 'versions.kind', 'contentType', 'sizeBytes')
    .select('sha256', 'userId', 'uploadedAt', raw('version = a.original_version').as('isCurrent'))
    .select(
      facts.map((column) =>
        raw(`case when version = a.original_version then a.${column} else versions.${column} end`).as(column),
      ),
    )
    .select(
      raw(
        `(select json_agg(json_build_object('hash', t.hash, 'widthPx', t.width_px) order by t.width_px)
          from variants t where t.workspace_id = versions.workspace_id and t.artifact_id = versions.artifact_id
            and t.version = versions.version and t.format = 'webp' and t.width_px <= ${String(THUMBNAIL_WIDTH_MAX_PX)})`,
      ).as('thumbnails'),
    );
}

/** Newest first, behind the version `after`. One more than `limit` when there is a next page. */
export async function listVersions(
  tx: Knex.Transaction,
  artifactId: string,
  page: { limit: number; after: number | null },
): Promise<VersionRow[]> {
  const query = versions(tx, artifactId)
    .orderBy('version', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query.where('version', '<', page.after);
  return query;
}

export async function findVersion(
  tx: Knex.Transaction,
  artifactId: string,
  version: number,
): Promise<VersionRow | undefined> {
  const [row] = await versions(tx, artifactId).where('version', version);
  return row;
}

/**
 * Makes the bytes of an earlier version the original, as a new version; the artifact's row is held. Where the gardener was
 * done with that version, its variants become those of the new one; else the artifact is `gardening` again.
 */
export async function bringBack(
  tx: Knex.Transaction,
  { artifactId, version, userId }: { artifactId: string; version: number; userId: string },
): Promise<void> {
  await keepCurrentVersion(tx, artifactId);
  await tx.raw(
    `update artifacts a set
       kind = v.kind, original_version = original_version + 1, original_content_type = v.content_type,
       original_size_bytes = v.size_bytes, original_sha256 = v.sha256, original_uploaded_at = now(),
       revision = revision + 1, updated_at = now(),
       status = case when f.hold then v.status else 'gardening' end,
       failure = case when f.hold then v.failure end,
       picture_width_px = case when f.hold then v.picture_width_px end,
       picture_height_px = case when f.hold then v.picture_height_px end,
       thumbhash = case when f.hold then v.thumbhash end,
       dominant_color = case when f.hold then v.dominant_color end,
       variants_expected = case when f.hold then v.variants_expected else 0 end,
       dropped = case when f.hold then v.dropped else '[]' end
     from versions v, lateral (select v.kind = 'file' or v.status = 'ready' as hold) f
     where a.id = :artifactId and v.workspace_id = a.workspace_id and v.artifact_id = a.id and v.version = :version`,
    { artifactId, version },
  );
  await tx.raw(
    `insert into variants (workspace_id, artifact_id, version, format, width_px, height_px, size_bytes, hash,
       quality, score, encode_ms, tries)
     select t.workspace_id, t.artifact_id, a.original_version, t.format, t.width_px, t.height_px, t.size_bytes, t.hash,
       t.quality, t.score, t.encode_ms, t.tries
     from variants t join artifacts a on a.workspace_id = t.workspace_id and a.id = t.artifact_id
     where t.artifact_id = :artifactId and t.version = :version and a.status = 'ready'`,
    { artifactId, version },
  );
  await insertVersion(tx, artifactId, userId);
}
