import { DatePipe } from '@angular/common';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { FoundArtifact } from '@hortus/contracts/artifact-api';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { placeholderUrl } from '../../ui/placeholder-url.ts';
import { STATUS_WORDS } from '../artifact-words.ts';
import { ArtifactsAddress } from '../artifacts-address.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { PAGE_SIZES } from '../artifacts-view.ts';
import { Marked } from '../marked.ts';
import { fileEnding } from '../original-name.ts';
import { SelectionStore } from '../selection-store.ts';

/** Artifacts in rows, page by page. */
@Component({
  selector: 'hortus-artifact-table',
  imports: [DatePipe, Icon, Marked, RouterLink],
  templateUrl: './artifact-table.html',
  styleUrl: './artifact-table.css',
})
export class ArtifactTable {
  protected readonly address = inject(ArtifactsAddress);
  protected readonly store = inject(ArtifactsStore);
  protected readonly selection = inject(SelectionStore);
  protected readonly statusWords = STATUS_WORDS;
  protected readonly pageSizes = PAGE_SIZES;
  protected readonly formatBytes = formatBytes;
  readonly #focusedId = signal<string | null>(null);
  /** Where the pages begin that were seen on the way: a cursor leads only forward. */
  readonly #begins = new Map<number, string | null>([[1, null]]);

  protected readonly rows = computed(() =>
    this.store.entities().map((artifact) => {
      const { highlights = [], picture, original } = artifact;
      return {
        artifact,
        isSelected: this.selection.ids().has(artifact.id),
        nameMatch: highlights.find(({ field, text }) => field === 'name' && !text.includes('…')) ?? null,
        match: highlights.find(({ field }) => field !== 'name') ?? null,
        thumbnail: picture?.thumbnail?.src ?? placeholderOf(artifact),
        ending: original === null ? null : fileEnding(original.contentType).toUpperCase(),
      };
    }),
  );
  protected readonly allSelected = computed(() => {
    const rows = this.rows();
    return rows.length > 0 && rows.every(({ isSelected }) => isSelected);
  });
  protected readonly range = computed(() => {
    const { page, pageSize } = this.address.view();
    const from = (page - 1) * pageSize;
    return { from: from + 1, to: from + this.store.entities().length };
  });

  focused(): FoundArtifact | null {
    const id = this.#focusedId();
    return id === null ? null : (this.store.entityMap()[id] ?? null);
  }

  protected focus(id: string | null): void {
    this.#focusedId.set(id);
  }

  protected select(event: MouseEvent, id: string): void {
    if (event.shiftKey) this.selection.extendTo(id, this.store.ids() as string[]);
    else this.selection.toggle(id);
  }

  protected selectAll(): void {
    const ids = this.store.ids() as string[];
    if (this.allSelected()) this.selection.drop(ids);
    else this.selection.select([...this.selection.ids(), ...ids]);
  }

  protected resize(pageSize: number): void {
    this.#begins.clear();
    this.#begins.set(1, null);
    this.address.go({ ...this.address.view(), pageSize, page: 1, after: null });
  }

  protected next(): void {
    const view = this.address.view();
    const after = this.store.nextCursor();
    if (after === null || this.store.refreshing()) return;
    this.#begins.set(view.page, view.after);
    this.address.go({ ...view, page: view.page + 1, after });
  }

  /** Where nobody came past the page before, as after a reload, the way back begins at the first. */
  protected previous(): void {
    const view = this.address.view();
    const page = this.#begins.has(view.page - 1) ? view.page - 1 : 1;
    this.address.go({ ...view, page, after: this.#begins.get(page) ?? null });
  }

  protected knowsPrevious(): boolean {
    return this.#begins.has(this.address.view().page - 1);
  }
}

function placeholderOf({ picture }: FoundArtifact): string | null {
  return picture === null ? null : placeholderUrl(picture.placeholder.thumbhash);
}
