/** What the bare twin asks, as the api does. */
export const COLUMNS = `a.workspace_id, a.id, a.name, a.description, a.tags, a.metadata, a.kind, a.status, a.failure,
  a.original_version, a.original_content_type, a.original_size_bytes, a.original_sha256, a.original_uploaded_at,
  a.picture_width_px, a.picture_height_px, a.thumbhash, a.dominant_color, a.variants_expected, a.dropped, a.revision,
  a.demo_key, a.created_at, a.updated_at, a.deleted_at`;

export const THUMBNAILS = `(select json_agg(json_build_object('hash', v.hash, 'widthPx', v.width_px) order by v.width_px)
  from variants v where v.workspace_id = a.workspace_id and v.artifact_id = a.id and v.version = a.original_version
    and v.format = 'webp' and v.width_px <= 960) as thumbnails`;

/** Nobody hears of it: NOTIFY in a transaction would hold the twins up, and this api says it behind the commit. */
export const APPEND_EVENT = `with locked as materialized (select pg_advisory_xact_lock(hashtextextended($1::text, 7)))
  insert into events (workspace_id, type, artifact_id) select $1::uuid, 'artifact.changed', $2::uuid from locked`;

export const APPEND_AUDIT = `insert into audit_log (workspace_id, user_id, session_id, action, artifact_id, after)
  values ($1, $2, $3, 'artifact.created', $4, $5)`;
