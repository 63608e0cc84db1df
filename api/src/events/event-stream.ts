import type { Knex } from 'knex';
import type { LiveEvent, WorkspacePart } from '@hortus/contracts/event-api';
import type { ArtifactPresenter } from '../artifacts/artifact-presenter.ts';
import { findArtifacts } from '../artifacts/artifact-repo.ts';
import { withWorkspace } from '../db/scope.ts';
import { findEventBounds, listEvents } from './event-repo.ts';

const BATCH = 200;

/** Where a reader stands: the id of the last event that it has. */
export interface EventBatch {
  readonly after: number;
  readonly events: readonly { id: number; event: LiveEvent }[];
  /** There may be more at once. */
  readonly isFull: boolean;
}

/**
 * Where a new reader begins: behind what it has, or at the end for one that has nothing. `missed` when events that it has
 * not seen are no longer kept.
 */
export async function findStart(
  knex: Knex,
  workspaceId: string,
  lastEventId: number | null,
): Promise<{ after: number; missed: boolean }> {
  const { oldest, newest } = await withWorkspace(knex, workspaceId, findEventBounds);
  if (lastEventId === null) return { after: newest, missed: false };
  const missed = lastEventId > newest || (oldest > 0 && lastEventId < oldest - 1) || (oldest === 0 && lastEventId > 0);
  return missed ? { after: newest, missed } : { after: lastEventId, missed };
}

/** The next events, each thing as it stands now and only once, at its latest event. */
export async function readBatch(
  knex: Knex,
  presenter: ArtifactPresenter,
  workspaceId: string,
  after: number,
): Promise<EventBatch> {
  return withWorkspace(knex, workspaceId, async (tx) => {
    const rows = await listEvents(tx, { after, limit: BATCH });
    const latest = new Map(rows.map((row) => [row.artifactId ?? row.part, row]));
    const ids = [...latest.values()].flatMap(({ artifactId }) => artifactId ?? []);
    const artifacts = ids.length === 0 ? [] : await findArtifacts(tx, ids);
    const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
    const present = (artifactId: string | null, part: WorkspacePart | null): LiveEvent => {
      if (artifactId === null) return { type: 'workspace.changed', part: part ?? 'workspace' };
      const artifact = byId.get(artifactId);
      return artifact === undefined
        ? { type: 'artifact.deleted', artifactId }
        : { type: 'artifact.changed', artifact: presenter.artifact(artifact) };
    };
    const events = [...latest.values()]
      .sort((a, b) => a.id - b.id)
      .map(({ id, artifactId, part }) => ({ id, event: present(artifactId, part) }));
    return { after: rows.at(-1)?.id ?? after, events, isFull: rows.length === BATCH };
  });
}

/** The wire form (HTML standard, "server-sent events"); JSON has no line break of its own. */
export function writeEvent(id: number, event: LiveEvent): string {
  return `id: ${String(id)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
