import { Component, computed, effect, inject, viewChild, type ElementRef } from '@angular/core';
import { PickFiles } from '../pick-files/pick-files.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { ArtifactTile } from '../artifact-tile/artifact-tile.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { tileRatio } from '../tile-shape.ts';
import { UploadsStore } from '../uploads-store.ts';

/** Shapes of the tiles that stand in while the list is on its way. */
const SKELETON_RATIOS = [1.5, 0.75, 1.33, 1, 1.6, 0.8, 1.33, 1.4, 0.7, 1.5];

@Component({
  selector: 'hortus-artifact-grid',
  imports: [ArtifactTile, ProblemNotice, PickFiles],
  templateUrl: './artifact-grid.html',
  styleUrl: './artifact-grid.css',
})
export class ArtifactGrid {
  readonly #uploads = inject(UploadsStore);
  protected readonly store = inject(ArtifactsStore);
  protected readonly skeletonRatios = SKELETON_RATIOS;
  protected readonly tiles = computed(() =>
    this.store.entities().map((artifact) => {
      const upload = this.#uploads.byArtifact().get(artifact.id) ?? null;
      const preview = this.#uploads.previews().get(artifact.id) ?? null;
      return { artifact, upload, preview, ratio: tileRatio(artifact.picture ?? preview, artifact.kind === 'file') };
    }),
  );
  private readonly more = viewChild<ElementRef<HTMLElement>>('more');

  constructor() {
    effect((onCleanup) => {
      const more = this.more()?.nativeElement;
      // Asks again whenever a page has come, since the end of the list may still be in view.
      if (more === undefined || this.store.loadingMore() || this.store.moreNotice() !== null) return;
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) void this.store.loadMore();
        },
        { rootMargin: '800px' },
      );
      observer.observe(more);
      onCleanup(() => {
        observer.disconnect();
      });
    });
  }
}
