import { Injectable, inject } from '@angular/core';
import type { FoundArtifact } from '@hortus/contracts/artifact-api';
import type {
  BatchResult,
  createZipAddress,
  restoreArtifacts,
  tagArtifacts,
  trashArtifacts,
} from '@hortus/contracts/artifact-batch-api';
import { ApiClient } from '../api/api-client.ts';
import { describeError } from '../api/problem-error.ts';
import { formatBytes } from '../ui/byte-size.ts';
import { Toasts } from '../ui/toasts/toasts.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { ArtifactsStore } from './artifacts-store.ts';
import { idsOf, outcomeSentence, tagged, undoTagging, type Tagging } from './bulk-outcome.ts';
import { SelectionStore } from './selection-store.ts';

/** As many as one request of the api takes. */
const BATCH_MAX = 500;
const ZIP_MAX = 200;

/**
 * What is done to many artifacts at once. The list shows it before the api has answered; what the api did not do comes back,
 * with the reason, and what it did can be undone.
 */
@Injectable()
export class BulkActions {
  readonly #api = inject(ApiClient);
  readonly #list = inject(ArtifactsStore);
  readonly #selection = inject(SelectionStore);
  readonly #toasts = inject(Toasts);
  readonly #workspaceId = inject(CURRENT_WORKSPACE).id;

  async trash(ids: readonly string[]): Promise<void> {
    const before = this.#list.entities();
    const revisions = new Map(before.map(({ id, revision }) => [id, revision]));
    this.#list.forget(ids);
    this.#selection.drop(ids);
    const note = this.#toasts.show(`Moving ${String(ids.length)} to the trash …`);
    try {
      const results = await this.#inBatches(ids, (part) => {
        const items = part.map((id) => {
          const revision = revisions.get(id);
          return revision === undefined ? { id } : { id, revision };
        });
        return this.#api.call<typeof trashArtifacts>(
          { method: 'POST', url: '/api/v1/artifacts/bulk/trash' },
          { body: { items } },
          { workspaceId: this.#workspaceId },
        );
      });
      this.#list.putBack(before, idsOf(results, 'stale'));
      const done = idsOf(results, 'done');
      this.#tell(results, outcomeSentence(results, { done: 'in the trash now', unchanged: null }), () =>
        this.restore(done),
      );
    } catch (error) {
      this.#list.putBack(before, ids);
      this.#toasts.show(`Nothing was moved. ${describeError(error).sentence}`, {
        tone: 'bad',
        action: { label: 'Try again', run: () => void this.trash(ids) },
      });
    } finally {
      note();
    }
  }

  /** Takes artifacts out of the trash. @returns those that are out */
  async restore(ids: readonly string[]): Promise<string[]> {
    try {
      const results = await this.#inBatches(ids, (part) =>
        this.#api.call<typeof restoreArtifacts>(
          { method: 'POST', url: '/api/v1/artifacts/bulk/restore' },
          { body: { items: part.map((id) => ({ id })) } },
          { workspaceId: this.#workspaceId },
        ),
      );
      this.#toasts.show(outcomeSentence(results, { done: 'back', unchanged: null }));
      return idsOf(results, 'done', 'unchanged');
    } catch (error) {
      this.#toasts.show(`Nothing was brought back. ${describeError(error).sentence}`, {
        tone: 'bad',
        action: { label: 'Try again', run: () => void this.restore(ids) },
      });
      return [];
    }
  }

  async tag(ids: readonly string[], tagging: Tagging): Promise<void> {
    const chosen = new Set(ids);
    const before = this.#list.entities().filter(({ id }) => chosen.has(id));
    for (const artifact of before) this.#list.place({ ...artifact, tags: tagged(artifact.tags, tagging) });
    try {
      const results = await this.#sendTags(ids, tagging);
      const done = new Set(idsOf(results, 'done'));
      this.#rollBack(before.filter(({ id }) => !done.has(id)));
      const undone = before.filter(({ id }) => done.has(id));
      this.#tell(results, outcomeSentence(results, { done: 'tagged anew', unchanged: 'tagged so already' }), () =>
        this.#undoTags(undone, tagging),
      );
    } catch (error) {
      this.#rollBack(before);
      this.#toasts.show(`No tag was changed. ${describeError(error).sentence}`, {
        tone: 'bad',
        action: { label: 'Try again', run: () => void this.tag(ids, tagging) },
      });
    }
  }

  /** Downloads the originals as one archive. */
  async download(ids: readonly string[]): Promise<void> {
    if (ids.length > ZIP_MAX) {
      this.#toasts.show(`One archive holds ${String(ZIP_MAX)} artifacts; ${String(ids.length)} are selected.`, {
        tone: 'bad',
      });
      return;
    }
    try {
      const { url, files, sizeBytes, empty } = await this.#api.call<typeof createZipAddress>(
        { method: 'POST', url: '/api/v1/artifacts/zip' },
        { body: { ids: [...ids] } },
        { workspaceId: this.#workspaceId },
      );
      const left = empty.length === 0 ? '' : ` ${String(empty.length)} without a file left out.`;
      if (files === 0) {
        this.#toasts.show('None of them has a file yet.', { tone: 'bad' });
        return;
      }
      const link = document.createElement('a');
      link.href = url;
      link.download = '';
      link.click();
      this.#toasts.show(`${String(files)} files, ${formatBytes(sizeBytes)}, are on their way.${left}`);
    } catch (error) {
      this.#toasts.show(describeError(error).sentence, {
        tone: 'bad',
        action: { label: 'Try again', run: () => void this.download(ids) },
      });
    }
  }

  #tell(results: readonly BatchResult[], text: string, undo: () => Promise<unknown>): void {
    const isDone = results.some(({ outcome }) => outcome === 'done');
    const isWhole = results.every(({ outcome }) => outcome === 'done' || outcome === 'unchanged');
    this.#toasts.show(text, {
      tone: isWhole ? 'plain' : 'bad',
      action: isDone ? { label: 'Undo', run: () => void undo() } : null,
    });
  }

  /** Only what the list still shows as it was shown here: a live event may have said more since. */
  #rollBack(before: readonly FoundArtifact[]): void {
    for (const artifact of before) {
      const shown = this.#list.entityMap()[artifact.id];
      if (shown === undefined || shown.revision === artifact.revision) this.#list.place(artifact);
    }
  }

  async #undoTags(before: readonly FoundArtifact[], tagging: Tagging): Promise<void> {
    try {
      const results: BatchResult[] = [];
      for (const { ids, add, remove } of undoTagging(before, tagging)) {
        results.push(...(await this.#sendTags(ids, { add, remove })));
      }
      this.#toasts.show(outcomeSentence(results, { done: 'tagged as before', unchanged: null }));
    } catch (error) {
      this.#toasts.show(`Not all could be undone. ${describeError(error).sentence}`, { tone: 'bad' });
    }
  }

  async #sendTags(ids: readonly string[], { add, remove }: Tagging): Promise<BatchResult[]> {
    return this.#inBatches(ids, (part) =>
      this.#api.call<typeof tagArtifacts>(
        { method: 'POST', url: '/api/v1/artifacts/bulk/tag' },
        { body: { items: part.map((id) => ({ id })), add: [...add], remove: [...remove] } },
        { workspaceId: this.#workspaceId },
      ),
    );
  }

  async #inBatches(
    ids: readonly string[],
    send: (ids: readonly string[]) => Promise<{ items: BatchResult[] }>,
  ): Promise<BatchResult[]> {
    const results: BatchResult[] = [];
    for (let at = 0; at < ids.length; at += BATCH_MAX) {
      results.push(...(await send(ids.slice(at, at + BATCH_MAX))).items);
    }
    return results;
  }
}
