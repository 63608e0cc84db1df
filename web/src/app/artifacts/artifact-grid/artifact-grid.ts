import {
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import type { FoundArtifact } from '@hortus/contracts/artifact-api';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { ArtifactTile, type TileStep } from '../artifact-tile/artifact-tile.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { layOutRows, rowsBetween, type GridMeasures } from '../justified-rows.ts';
import { SelectionStore } from '../selection-store.ts';
import { tileRatio } from '../tile-shape.ts';
import { UploadsStore } from '../uploads-store.ts';

const NARROW_PX = 600;
const WIDE_PX = 2000;
/** Rows are made before they are seen by this share of the height of the window. */
const OVERSCAN = 0.35;
/** More is loaded when this many heights of the window are left below. */
const AHEAD = 2;

/** Artifacts in rows of one height, endless; only what is near the window is in the document. */
@Component({
  selector: 'hortus-artifact-grid',
  imports: [ArtifactTile, ProblemNotice],
  templateUrl: './artifact-grid.html',
  styleUrl: './artifact-grid.css',
})
export class ArtifactGrid {
  readonly #uploads = inject(UploadsStore);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly store = inject(ArtifactsStore);
  protected readonly selection = inject(SelectionStore);
  readonly searched = input.required<boolean>();
  private readonly list = viewChild<ElementRef<HTMLElement>>('list');
  private readonly tileElements = viewChildren(ArtifactTile);

  readonly #widthPx = signal(Math.max(1, document.querySelector('main')?.clientWidth ?? innerWidth) - 2 * gutterPx());
  readonly #windowPx = signal({ from: scrollY, to: scrollY + innerHeight });
  /** Where the list begins in the document. */
  readonly #topPx = signal(0);
  /** Which tile has the focus: it stays in the document wherever the page is scrolled to. */
  readonly #focusedId = signal<string | null>(null);

  readonly #measures = computed<GridMeasures>(() => {
    const widthPx = this.#widthPx();
    const isNarrow = widthPx < NARROW_PX;
    return {
      widthPx,
      rowPx: isNarrow ? 190 : widthPx > WIDE_PX ? 300 : 240,
      captionPx: this.searched() ? 72 : 52,
      gapPx: isNarrow ? 12 : 20,
      rowGapPx: isNarrow ? 14 : 20,
    };
  });
  readonly #ratios = computed(() =>
    this.store.entities().map(({ id, picture, kind }) => {
      return tileRatio(picture ?? this.#uploads.previews().get(id) ?? null, kind === 'file');
    }),
  );
  protected readonly layout = computed(() => layOutRows(this.#ratios(), this.#measures()));
  readonly #rows = computed(
    () => {
      const { from, to } = this.#windowPx();
      const sparePx = (to - from) * OVERSCAN;
      return rowsBetween(this.layout(), from - this.#topPx() - sparePx, to - this.#topPx() + sparePx);
    },
    { equal: ([a, b], [c, d]) => a === c && b === d },
  );
  protected readonly tiles = computed(() => {
    const { rows } = this.layout();
    const artifacts = this.store.entities();
    const [start, end] = this.#rows();
    const focused = this.#focusedId();
    const focusedRow = focused === null ? -1 : this.#rowOf(artifacts.findIndex(({ id }) => id === focused));
    const shown = Array.from({ length: end - start }, (_, index) => start + index);
    if (focusedRow !== -1 && !shown.includes(focusedRow)) shown.push(focusedRow);
    return shown.sort((a, b) => a - b).flatMap((row) => this.#placeRow(row, rows[row + 1]?.first ?? artifacts.length));
  });

  constructor() {
    const follow = (): void => {
      const top = this.list()?.nativeElement.getBoundingClientRect().top;
      if (top !== undefined) this.#topPx.set(Math.round(top + scrollY));
      this.#windowPx.set({ from: scrollY, to: scrollY + innerHeight });
    };
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) this.#widthPx.set(Math.floor(entry.contentRect.width));
      follow();
    });
    observer.observe(this.#host.nativeElement);
    addEventListener('scroll', follow, { passive: true });
    addEventListener('resize', follow);
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
      removeEventListener('scroll', follow);
      removeEventListener('resize', follow);
    });
    effect(() => {
      const { to } = this.#windowPx();
      const leftPx = this.#topPx() + this.layout().heightPx - to;
      if (leftPx > AHEAD * innerHeight || this.store.loadingMore() || this.store.moreNotice() !== null) return;
      void this.store.loadMore();
    });
  }

  /** The tile that has the focus; null where none has. */
  focused(): FoundArtifact | null {
    const id = this.#focusedId();
    return id === null ? null : (this.store.entityMap()[id] ?? null);
  }

  protected focus(id: string | null): void {
    this.#focusedId.set(id);
  }

  /** The arrows go from tile to tile, as one sees them. */
  protected move(index: number, { across, down }: TileStep): void {
    const artifacts = this.store.entities();
    const to = down === 0 ? index + across : this.#indexInRow(index, down);
    const next = artifacts[to];
    if (next === undefined) return;
    this.#focusedId.set(next.id);
    // The tile may be made only now.
    requestAnimationFrame(() => {
      this.tileElements()
        .find((tile) => tile.artifact().id === next.id)
        ?.focus();
    });
  }

  #rowOf(index: number): number {
    if (index === -1) return -1;
    const { rows } = this.layout();
    const next = rows.findIndex(({ first }) => first > index);
    return next === -1 ? rows.length - 1 : next - 1;
  }

  /** The tile above or below, at the same share of the row. */
  #indexInRow(index: number, rowStep: number): number {
    const { rows } = this.layout();
    const row = this.#rowOf(index);
    const here = rows[row];
    const there = rows[row + rowStep];
    if (here === undefined || there === undefined) return -1;
    const end = rows[row + rowStep + 1]?.first ?? this.#ratios().length;
    const length = (rows[row + 1]?.first ?? this.#ratios().length) - here.first;
    const share = (index - here.first) / Math.max(1, length);
    return Math.min(end - 1, there.first + Math.round(share * (end - there.first)));
  }

  #placeRow(row: number, end: number) {
    const { first, topPx, heightPx } = this.layout().rows[row] ?? { first: 0, topPx: 0, heightPx: 0 };
    const { gapPx } = this.#measures();
    let leftPx = 0;
    return this.store
      .entities()
      .slice(first, end)
      .map((artifact, offset) => {
        const widthPx = (this.#ratios()[first + offset] ?? 1) * heightPx;
        const tile = {
          artifact,
          index: first + offset,
          upload: this.#uploads.byArtifact().get(artifact.id) ?? null,
          preview: this.#uploads.previews().get(artifact.id) ?? null,
          place: `translate(${String(Math.round(leftPx))}px, ${String(Math.round(topPx))}px)`,
          widthPx: Math.floor(widthPx),
          heightPx: Math.round(heightPx),
        };
        leftPx += widthPx + gapPx;
        return tile;
      });
  }
}

/** As tokens.css has it: the width must be right before anything is measured, or the page could not scroll back. */
function gutterPx(): number {
  return Math.min(40, Math.max(16, innerWidth * 0.03));
}
