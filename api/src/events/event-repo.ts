import type { Knex } from 'knex';
import type { WorkspacePart } from '@hortus/contracts/event-api';
import { notifyAfterCommit, type Notice } from '../db/notice.ts';

/** The channel on which the api's replicas hear that a workspace has new events; the payload is the workspace's id. */
export const EVENT_CHANNEL = 'hortus_events';

export type EventType = 'artifact.changed' | 'artifact.deleted';

/** Of an artifact or of a part of the workspace. */
export interface EventRow {
  readonly id: number;
  readonly artifactId: string | null;
  readonly part: WorkspacePart | null;
}

/**
 * Records that something happened, in the transaction in which it happens. The lock makes the transactions of one workspace
 * commit in the order of their event ids: a reader that has seen id 7 will not be missing a 6 that commits later.
 */
export async function appendEvent(
  tx: Knex.Transaction,
  event: { workspaceId: string; type: EventType; artifactId: string },
): Promise<void> {
  const { workspaceId, type, artifactId } = event;
  await appendEvents(tx, { workspaceId, type, artifactIds: [artifactId] });
}

/** The same for several artifacts. */
export async function appendEvents(
  tx: Knex.Transaction,
  event: { workspaceId: string; type: EventType; artifactIds: readonly string[] },
): Promise<void> {
  notifyAfterCommit(tx, eventNotice(event.workspaceId));
  await tx.raw(
    `with changed as (select :workspaceId::uuid as "workspaceId", unnest(:artifactIds::uuid[]) as id),
       ${appendingEvents('changed', event.type)}
     select`,
    { ...event },
  );
}

/** The same for what is no artifact. */
export async function appendPartEvents(
  tx: Knex.Transaction,
  event: { workspaceId: string; parts: readonly WorkspacePart[] },
): Promise<void> {
  notifyAfterCommit(tx, eventNotice(event.workspaceId));
  await tx.raw(
    `with changed as (select :workspaceId::uuid as "workspaceId", unnest(:parts::text[]) as part),
       ${lockOf('changed')}
     insert into events (workspace_id, type, part)
     select "workspaceId", 'workspace.changed', part from locked, changed`,
    { ...event },
  );
}

export function eventNotice(workspaceId: string): Notice {
  return { channel: EVENT_CHANNEL, payload: workspaceId.toLowerCase() };
}

const lockOf = (changed: string) =>
  `locked as materialized (select pg_advisory_xact_lock(hashtextextended("workspaceId"::text, 7)) from ${changed} limit 1)`;

/**
 * Does so as a part of the statement that changes them.
 *
 * @param changed a relation of that statement, with the columns `workspaceId` and `id`
 */
export function appendingEvents(changed: string, type: EventType): string {
  return `${lockOf(changed)},
    appended as (
      insert into events (workspace_id, type, artifact_id) select "workspaceId", '${type}', id from locked, ${changed})`;
}

/** The events behind `after`, oldest first. Needs the scope `workspaceId`. */
export async function listEvents(tx: Knex.Transaction, page: { after: number; limit: number }): Promise<EventRow[]> {
  return tx('events').where('id', '>', page.after).orderBy('id').limit(page.limit).select('id', 'artifactId', 'part');
}

/** The ids of the oldest and newest event that is kept; 0 where there is none. Needs the scope `workspaceId`. */
export async function findEventBounds(tx: Knex.Transaction): Promise<{ oldest: number; newest: number }> {
  const [bounds] = await tx('events').select<{ oldest: number; newest: number }[]>(
    tx.raw('coalesce(min(id), 0) as oldest'),
    tx.raw('coalesce(max(id), 0) as newest'),
  );
  return bounds ?? { oldest: 0, newest: 0 };
}

/** Needs the scope `instance`. */
export async function pruneEvents(tx: Knex.Transaction, keepHours: number): Promise<void> {
  await tx('events').whereRaw(`created_at < now() - make_interval(hours => ?)`, [keepHours]).delete();
}
