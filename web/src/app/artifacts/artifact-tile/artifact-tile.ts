import { Component, computed, input, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Artifact } from '@hortus/contracts/artifact';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { placeholderUrl } from '../../ui/placeholder-url.ts';
import type { LocalPreview } from '../local-preview.ts';
import { fileEnding } from '../original-name.ts';
import type { Upload } from '../upload-queue.ts';

/** One artifact in the grid. The picture and the name lead to its page. Its shape comes from the grid, as `--ratio`. */
@Component({
  selector: 'hortus-artifact-tile',
  imports: [RouterLink, Icon],
  templateUrl: './artifact-tile.html',
  styleUrl: './artifact-tile.css',
})
export class ArtifactTile {
  readonly artifact = input.required<Artifact>();
  /** The upload that brings its bytes, while it is under way in this tab. */
  readonly upload = input.required<Upload | null>();
  readonly preview = input.required<LocalPreview | null>();

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
        return this.percent() === null ? 'No file yet' : 'Uploading';
      case 'gardening':
        return 'Gardening';
      case 'failed':
        return 'Failed';
      case 'ready':
        return null;
    }
  });
  protected readonly file = computed(() => {
    const { kind, original, status } = this.artifact();
    if (kind !== 'file' || original === null || status === 'failed') return null;
    return { ending: fileEnding(original.contentType).toUpperCase(), size: formatBytes(original.sizeBytes) };
  });
}
