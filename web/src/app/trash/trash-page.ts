import { DatePipe } from '@angular/common';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ErrorNotice } from '../api/problem-error.ts';
import { BulkActions } from '../artifacts/bulk-actions.ts';
import { SelectionStore } from '../artifacts/selection-store.ts';
import { Icon } from '../ui/icon.ts';
import { Modal } from '../ui/modal/modal.ts';
import { placeholderUrl } from '../ui/placeholder-url.ts';
import { ProblemNotice } from '../ui/problem-notice.ts';
import { shortcut } from '../ui/shortcuts.ts';
import { Toasts } from '../ui/toasts/toasts.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { TrashStore, type Trashed } from './trash-store.ts';

@Component({
  selector: 'hortus-trash-page',
  imports: [DatePipe, Icon, Modal, ProblemNotice, RouterLink],
  // What is selected here has nothing to do with what is selected among the artifacts.
  providers: [TrashStore, SelectionStore],
  templateUrl: './trash-page.html',
  styleUrl: './trash-page.css',
})
export class TrashPage {
  readonly #bulk = inject(BulkActions);
  readonly #toasts = inject(Toasts);
  protected readonly store = inject(TrashStore);
  protected readonly selection = inject(SelectionStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly mayPurge = this.workspace.role !== 'member';
  /** What is to be deleted for good, once that is confirmed. */
  protected readonly purging = signal<readonly Trashed[] | 'all' | null>(null);
  protected readonly busy = signal(false);
  protected readonly deleted = signal(0);
  protected readonly notice = signal<ErrorNotice | null>(null);
  protected readonly rows = computed(() =>
    this.store.entities().map((artifact) => ({
      artifact,
      isSelected: this.selection.ids().has(artifact.id),
      picture:
        artifact.picture?.thumbnail?.src ??
        (artifact.picture === null ? null : placeholderUrl(artifact.picture.placeholder.thumbhash)),
    })),
  );
  protected readonly purgingWords = computed(() => {
    const purging = this.purging();
    if (purging === 'all') return 'All that is in the trash';
    return purging?.length === 1 ? `“${purging[0]?.name ?? ''}”` : `${String(purging?.length ?? 0)} artifacts`;
  });

  constructor() {
    shortcut({
      key: 'Escape',
      label: 'Select nothing',
      run: () => {
        const isAny = this.selection.isAny();
        this.selection.clear();
        return isAny;
      },
    });
  }

  protected select(event: MouseEvent, id: string): void {
    if (event.shiftKey) this.selection.extendTo(id, this.store.ids().map(String));
    else this.selection.toggle(id);
  }

  protected selected(): readonly Trashed[] {
    return this.store.entities().filter(({ id }) => this.selection.ids().has(id));
  }

  protected async restore(ids: readonly string[]): Promise<void> {
    const out = await this.#bulk.restore(ids);
    this.store.forget(out);
    this.selection.drop(out);
  }

  protected async purge(): Promise<void> {
    const purging = this.purging();
    if (purging === null || this.busy()) return;
    this.busy.set(true);
    this.deleted.set(0);
    this.notice.set(null);
    const notice =
      purging === 'all'
        ? await this.store.empty((count) => {
            this.deleted.set(count);
          })
        : await this.#purgeEach(purging);
    this.busy.set(false);
    this.notice.set(notice);
    if (notice !== null) return;
    this.purging.set(null);
    this.selection.clear();
    this.#toasts.show(`${String(this.deleted())} deleted for good.`);
  }

  async #purgeEach(artifacts: readonly Trashed[]): Promise<ErrorNotice | null> {
    for (const artifact of artifacts) {
      const notice = await this.store.purge(artifact);
      if (notice !== null) return notice;
      this.deleted.update((count) => count + 1);
    }
    return null;
  }

  protected keep(): void {
    if (this.busy()) return;
    this.purging.set(null);
    this.notice.set(null);
  }
}
