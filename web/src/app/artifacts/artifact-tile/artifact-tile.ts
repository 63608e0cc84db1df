import { Component, computed, inject, input, linkedSignal, output, viewChild, type ElementRef } from '@angular/core';
import { ActivatedRoute, Router } from '@angular/router';
import type { FoundArtifact } from '@hortus/contracts/artifact-api';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { placeholderUrl } from '../../ui/placeholder-url.ts';
import { STATUS_WORDS } from '../artifact-words.ts';
import { ArtifactsAddress } from '../artifacts-address.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import type { LocalPreview } from '../local-preview.ts';
import { Marked } from '../marked.ts';
import { fileEnding } from '../original-name.ts';
import { SelectionStore } from '../selection-store.ts';
import type { Upload } from '../upload-queue.ts';

/** From tile to tile by an arrow key. */
export interface TileStep {
  readonly across: number;
  readonly down: number;
}

/** One artifact in the grid. The picture and the name lead to its page, or select it while others are selected. */
@Component({
  selector: 'hortus-artifact-tile',
  imports: [Icon, Marked],
  templateUrl: './artifact-tile.html',
  styleUrl: './artifact-tile.css',
})
export class ArtifactTile {
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #address = inject(ArtifactsAddress);
  readonly #list = inject(ArtifactsStore);
  protected readonly selection = inject(SelectionStore);
  private readonly link = viewChild.required<ElementRef<HTMLElement>>('link');
  readonly artifact = input.required<FoundArtifact>();
  /** The upload that brings its bytes, while it is under way in this tab. */
  readonly upload = input.required<Upload | null>();
  readonly preview = input.required<LocalPreview | null>();
  /** Of the picture. */
  readonly heightPx = input.required<number>();
  /** Whether there is a line for why it was found. */
  readonly searched = input.required<boolean>();

  readonly stepped = output<TileStep>();

  protected readonly isSelected = computed(() => this.selection.ids().has(this.artifact().id));
  /** The filter goes along, so that the way back leads to the same list. */
  protected readonly href = computed(() => {
    this.#address.view();
    const tree = this.#router.createUrlTree([this.artifact().id], {
      relativeTo: this.#route,
      queryParamsHandling: 'preserve',
    });
    return this.#router.serializeUrl(tree);
  });
  protected readonly nameMatch = computed(
    () => this.artifact().highlights?.find(({ field, text }) => field === 'name' && !text.includes('…')) ?? null,
  );
  /** Where else it was found. */
  protected readonly match = computed(() => this.artifact().highlights?.find(({ field }) => field !== 'name') ?? null);

  protected readonly picture = computed(() => this.artifact().picture);
  readonly #thumbhash = computed(() => this.picture()?.placeholder.thumbhash ?? null);
  /** What is shown until the thumbnail is loaded. */
  protected readonly placeholder = computed(() => {
    const preview = this.preview();
    const thumbhash = this.#thumbhash();
    if (preview !== null) return preview.url;
    return thumbhash === null ? null : placeholderUrl(thumbhash);
  });
  protected readonly thumbnail = computed(() => this.picture()?.thumbnail ?? null);
  /** Whether the thumbnail is on the screen; another original begins anew. */
  protected readonly loaded = linkedSignal({ source: () => this.#thumbhash(), computation: () => false });
  protected readonly percent = computed(() => {
    const upload = this.upload();
    if (upload === null || upload.sizeBytes === 0) return null;
    return upload.phase === 'sending' || upload.phase === 'settling'
      ? Math.round((upload.sentBytes / upload.sizeBytes) * 100)
      : null;
  });
  protected readonly status = computed(() => {
    const { status } = this.artifact();
    switch (status) {
      case 'empty':
        return this.percent() === null ? STATUS_WORDS.empty : 'Uploading';
      case 'gardening':
      case 'failed':
        return STATUS_WORDS[status];
      case 'ready':
        return null;
    }
  });
  protected readonly file = computed(() => {
    const { kind, original, status } = this.artifact();
    if (kind !== 'file' || original === null || status === 'failed') return null;
    return { ending: fileEnding(original.contentType).toUpperCase(), size: formatBytes(original.sizeBytes) };
  });

  focus(): void {
    this.link().nativeElement.focus();
  }

  protected step(event: Event, across: number, down: number): void {
    event.preventDefault();
    this.stepped.emit({ across, down });
  }

  protected open(event: MouseEvent): void {
    // A new tab or window is the browser's to open.
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.shiftKey || this.selection.isAny()) this.select(event);
    else void this.#router.navigateByUrl(this.href());
  }

  protected select(event: MouseEvent): void {
    const { id } = this.artifact();
    if (event.shiftKey) this.selection.extendTo(id, this.#list.ids() as string[]);
    else this.selection.toggle(id);
  }
}
