import { Component, computed, input } from '@angular/core';

const LEAF_STEP = 15;

/** How far the gardener is, as a twig: each variant is a leaf, and the leaf fills when the variant is there. */
@Component({
  selector: 'hortus-garden-stem',
  template: `
    <div
      role="progressbar"
      aria-label="Variants"
      aria-valuemin="0"
      [attr.aria-valuemax]="total() || null"
      [attr.aria-valuenow]="total() ? done() : null"
      [attr.aria-valuetext]="words()"
    >
      <svg [attr.viewBox]="'0 0 ' + width() + ' 34'" [style.aspect-ratio]="width() + ' / 34'">
        <path class="stem" [attr.d]="'M2 20 Q ' + width() / 2 + ' 12 ' + (width() - 10) + ' 17'" />
        @for (leaf of leaves(); track leaf.index) {
          <path
            class="leaf"
            d="M0 0C1-7 6-11 13-12 13-5 8-1 0 0Z"
            [class.grown]="leaf.grown"
            [attr.transform]="leaf.transform"
          />
        }
      </svg>
    </div>
  `,
  styles: `
    svg {
      width: min(100%, 320px);
      height: auto;
      overflow: visible;
    }

    .stem {
      fill: none;
      stroke: var(--mat-sys-primary);
      stroke-width: 1.3;
      stroke-linecap: round;
    }

    .leaf {
      fill: transparent;
      stroke: var(--mat-sys-outline);
      stroke-width: 0.9;
      stroke-linejoin: round;
      transition:
        fill var(--hortus-calm),
        stroke var(--hortus-calm);
    }

    .leaf.grown {
      fill: var(--mat-sys-primary);
      stroke: var(--mat-sys-primary);
    }
  `,
})
export class GardenStem {
  readonly done = input.required<number>();
  /** 0 until it is known. */
  readonly total = input.required<number>();

  protected readonly words = computed(() =>
    this.total() === 0 ? 'Looking at the picture' : `${String(this.done())} of ${String(this.total())} variants`,
  );
  readonly #count = computed(() => Math.max(this.total(), 4));
  protected readonly width = computed(() => this.#count() * LEAF_STEP + 28);
  protected readonly leaves = computed(() =>
    Array.from({ length: this.#count() }, (_leaf, index) => {
      const x = 10 + index * LEAF_STEP;
      const t = x / this.width();
      const y = (1 - t) ** 2 * 20 + 2 * t * (1 - t) * 12 + t ** 2 * 17;
      const place = `translate(${String(x)} ${y.toFixed(1)})`;
      return { index, grown: index < this.done(), transform: index % 2 === 0 ? place : `${place} scale(1 -1)` };
    }),
  );
}
