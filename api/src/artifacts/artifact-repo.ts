import type { Knex } from 'knex';
import { raw } from 'objection';
import type { ArtifactPatch, NewArtifact } from '@hortus/contracts/artifact';
import type { Ask } from '../db/one-trip.ts';
import { appendingEvents, eventNotice } from '../events/event-repo.ts';
import type { Member } from '../http/authenticate.ts';
import { ArtifactRow, type ArtifactFields } from './artifact-row.ts';
import { THUMBNAIL_WIDTH_MAX_PX } from './variant-row.ts';
import { insertVersion, keepCurrentVersion } from './version-repo.ts';

const THUMBNAILS = `(select json_agg(json_build_object('hash', v.hash, 'widthPx', v.width_px) order by v.width_px)
    from variants v
    where v.workspace_id = artifacts.workspace_id and v.artifact_id = artifacts.id
      and v.version = artifacts.original_version and v.format = 'webp' and v.width_px <= ${String(THUMBNAIL_WIDTH_MAX_PX)}) as thumbnails`;
export const thumbnails = raw(THUMBNAILS);

/** All that an ArtifactRow has; what search keeps beside it stays in the database. */
const FIELDS = [
  'workspaceId', 'id', 'name', 'description', 'tags', 'metadata', 'kind', 'status', 'failure', 'originalVersion',
  'originalContentType', 'originalSizeBytes', 'originalSha256', 'originalUploadedAt', 'pictureWidthPx',
  'pictureHeightPx', 'thumbhash', 'dominantColor', 'variantsExpected', 'dropped', 'revision', 'demoKey', 'createdAt',
  'updatedAt', 'deletedAt',
]; // prettier-ignore
export const columns = FIELDS.map((field) => `artifacts.${field}`);

const snakeCase = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const NAMED = FIELDS.map((field) => `artifacts.${snakeCase(field)} as "${field}"`).join(', ');

/** The same and the thumbnails, for a query that is asked without objection; `artifacts` must not have another name in it. */
export const SELECTED = `${NAMED}, ${THUMBNAILS}`;

/**
 * Makes an artifact and tells the open pages and the audit log, in one trip: while it waits, so do all who write in the
 * workspace. The id, which the database gives, is kept in a setting of the transaction, since nobody has it yet who could send
 * it. Two statements, since what the triggers of the first take hold of comes before the order of events, as everywhere.
 */
export async function createArtifact(
  ask: Ask,
  { workspaceId, userId, by }: Member,
  said: NewArtifact,
): Promise<ArtifactFields> {
  const { name, description = '', tags = [], metadata = {} } = said;
  const { sessionId, apiTokenId } = { sessionId: null, apiTokenId: null, ...by };
  const [made] = await ask<ArtifactFields>(
    {
      name: 'create artifact',
      text: `insert into artifacts (workspace_id, id, name, description, tags, metadata)
        values ($1, set_config('hortus.made_id', uuidv7()::text, true)::uuid, $2, $3, $4, $5) returning ${NAMED}`,
      values: [workspaceId, name, description, tags, metadata],
      notice: eventNotice(workspaceId),
    },
    {
      name: 'tell of created artifact',
      text: `with made as (select $1::uuid as "workspaceId", hortus_setting('made_id')::uuid as id),
        ${appendingEvents('made', 'artifact.changed')}
        insert into audit_log (workspace_id, user_id, session_id, api_token_id, action, artifact_id, after)
        select "workspaceId", $2, $3, $4, 'artifact.created', id, $5 from made`,
      values: [workspaceId, userId, sessionId, apiTokenId, said],
    },
  );
  if (made === undefined) throw new Error('an insert returned no row');
  return made;
}

export async function insertArtifact(
  tx: Knex.Transaction,
  workspaceId: string,
  artifact: NewArtifact & { demoKey?: string },
): Promise<ArtifactRow> {
  return ArtifactRow.query(tx)
    .insert({ ...artifact, workspaceId })
    .returning(columns);
}

export async function findArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow | undefined> {
  return ArtifactRow.query(tx).select(columns, thumbnails).findOne({ id }).whereNull('deletedAt');
}

export async function findArtifacts(tx: Knex.Transaction, ids: readonly string[]): Promise<ArtifactRow[]> {
  return ArtifactRow.query(tx)
    .select(columns, thumbnails)
    .whereRaw('artifacts.id = any(?::uuid[])', [ids as string[]])
    .whereNull('deletedAt');
}

/** Like findArtifact, and holds the row until the transaction ends. */
export async function lockArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow | undefined> {
  const row = await lockAnyArtifact(tx, id);
  return row?.deletedAt === null ? row : undefined;
}

/** The same, also for an artifact in the trash. */
export async function lockAnyArtifact(tx: Knex.Transaction, id: string): Promise<ArtifactRow | undefined> {
  return ArtifactRow.query(tx).select(columns, thumbnails).findOne({ id }).forUpdate();
}

export const changedByPerson = { revision: raw('revision + 1') as never, updatedAt: raw('now()') as never };

export async function updateArtifact(tx: Knex.Transaction, id: string, patch: ArtifactPatch): Promise<void> {
  const { name, description, tags, metadata } = patch;
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description: description ?? '' }),
      ...(tags === undefined ? {} : { tags: tags ?? [] }),
      ...(metadata === undefined ? {} : { metadata: metadata ?? {} }),
      ...changedByPerson,
    });
}

/** Puts the artifact into the trash; its row stays. */
export async function trashArtifact(tx: Knex.Transaction, id: string): Promise<void> {
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({ deletedAt: raw('now()') as never, ...changedByPerson });
}

/** Takes the artifact out of the trash. */
export async function restoreArtifact(tx: Knex.Transaction, id: string): Promise<void> {
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({ deletedAt: null, ...changedByPerson });
}

/** Sets a new version of the original; the one before is kept. */
export async function setOriginal(
  tx: Knex.Transaction,
  id: string,
  original: Pick<ArtifactRow, 'kind' | 'status' | 'failure'> & {
    contentType: string;
    sizeBytes: number;
    sha256: string;
    userId: string | null;
  },
): Promise<void> {
  const { contentType, sizeBytes, sha256, userId, ...state } = original;
  await keepCurrentVersion(tx, id);
  await ArtifactRow.query(tx)
    .where({ id })
    .patch({
      ...state,
      originalVersion: raw('original_version + 1') as never,
      originalContentType: contentType,
      originalSizeBytes: sizeBytes,
      originalSha256: sha256,
      originalUploadedAt: raw('now()') as never,
      pictureWidthPx: null,
      pictureHeightPx: null,
      thumbhash: null,
      dominantColor: null,
      variantsExpected: 0,
      dropped: [],
      ...changedByPerson,
    });
  await insertVersion(tx, id, userId);
}

/** Keys of the demo's artifacts that were made, those in the trash and those deleted for good included. */
export async function listDemoKeys(tx: Knex.Transaction): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { key: string }[] }>(
    `select demo_key as key from artifacts where demo_key is not null
     union select key from demo_keys order by key limit 10000`,
  );
  return rows.map(({ key }) => key);
}

/** How many artifacts the workspace has, deleted ones left out. */
export async function countArtifacts(tx: Knex.Transaction): Promise<number> {
  return ArtifactRow.query(tx).whereNull('deletedAt').resultSize();
}
