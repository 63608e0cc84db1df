import { Component, computed, input, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Artifact } from '@hortus/contracts/artifact';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { placeholderUrl } from '../../ui/placeholder-url.ts';
import { tileRatio } from '../tile-shape.ts';
import type { Upload } from '../upload-queue.ts';

/** One artifact in the grid. The whole tile leads to its page. */
@Component({
  selector: 'hortus-artifact-tile',
  imports: [RouterLink, Icon],
  host: { '[style.--ratio]': 'ratio()' },
  templateUrl: './artifact-tile.html',
  styleUrl: './artifact-tile.css',
})
export class ArtifactTile {
  readonly artifact = input.required<Artifact>();
  /** The upload that brings its bytes, while it is under way in this tab. */
  readonly upload = input<Upload | null>(null);

  protected readonly picture = computed(() => this.artifact().picture);
  protected readonly ratio = computed(() => tileRatio(this.picture()));
  protected readonly thumbhash = computed(() => this.picture()?.placeholder.thumbhash ?? null);
  protected readonly placeholder = computed(() => {
    const thumbhash = this.thumbhash();
    return thumbhash === null ? null : placeholderUrl(thumbhash);
  });
  protected readonly thumbnail = computed(() => this.picture()?.thumbnail ?? null);
  /** Whether the picture is on the screen; another original begins anew. */
  protected readonly loaded = linkedSignal({ source: () => this.thumbhash(), computation: () => false });
  protected readonly percent = computed(() => {
    const upload = this.upload();
    if (upload === null || upload.sizeBytes === 0) return null;
    return upload.phase === 'sending' || upload.phase === 'settling'
      ? Math.round((upload.sentBytes / upload.sizeBytes) * 100)
      : null;
  });
  protected readonly status = computed(() => {
    const { status, kind } = this.artifact();
    if (status === 'gardening') return this.thumbnail() === null ? 'Gardening' : 'Sharpening';
    if (status === 'empty') return this.percent() === null ? 'No file yet' : 'Uploading';
    if (status === 'failed') return 'Failed';
    return kind === 'file' ? 'File' : null;
  });
  protected readonly fileFacts = computed(() => {
    const { kind, original } = this.artifact();
    if (kind !== 'file' || original === null) return null;
    return `${original.contentType} · ${formatBytes(original.sizeBytes)}`;
  });
}
