import {
  Component,
  DestroyRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
  type ElementRef,
} from '@angular/core';
import { sameSources, type PictureSources } from '../picture-sources.ts';
import { preloadPicture } from './preload-picture.ts';

/** Steps in which the width is told to the browser, so that it does not choose anew for every pixel of a resize. */
const WIDTH_STEP_PX = 32;

/** The large picture. It sharpens by itself: a better candidate is loaded and decoded before it takes the place. */
@Component({
  selector: 'hortus-artifact-picture',
  host: { '[style.--ratio]': 'ratio()' },
  template: `
    <div #frame class="frame" [style.background-color]="color()">
      @if (placeholder(); as placeholder) {
        <img class="placeholder" alt="" [src]="placeholder" [class.behind]="loaded()" />
      }
      @if (shown(); as picture) {
        <picture>
          @for (source of picture.sources; track source.type) {
            <source [type]="source.type" [sizes]="sizes()" [srcset]="source.srcset" />
          }
          <img #img class="picture" [alt]="alt()" [src]="picture.src" [class.loaded]="loaded()" (load)="onLoad(img)" />
        </picture>
      }
    </div>
  `,
  styleUrl: './artifact-picture.css',
})
export class ArtifactPicture {
  readonly sources = input.required<PictureSources | null>();
  readonly widthPx = input.required<number>();
  readonly heightPx = input.required<number>();
  /** What is shown at once. */
  readonly placeholder = input.required<string | null>();
  readonly color = input.required<string>();
  readonly alt = input.required<string>();
  /** The address of what is on the screen now. */
  readonly showing = output<string>();
  /** What the manifest names could not be loaded. */
  readonly missing = output();

  protected readonly ratio = computed(() => this.widthPx() / this.heightPx());
  protected readonly shown = signal<PictureSources | null>(null);
  protected readonly loaded = signal(false);
  private readonly frame = viewChild.required<ElementRef<HTMLElement>>('frame');
  readonly #frameWidthPx = signal(0);
  protected readonly sizes = computed(
    () => `${String(Math.ceil(this.#frameWidthPx() / WIDTH_STEP_PX) * WIDTH_STEP_PX)}px`,
  );

  constructor() {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#frameWidthPx.set(entry.contentRect.width);
    });
    afterNextRender(() => {
      observer.observe(this.frame().nativeElement);
    });
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
    });
    effect((onCleanup) => {
      const wanted = this.sources();
      if (wanted === null || this.#frameWidthPx() === 0 || sameSources(wanted, untracked(this.shown))) return;
      let outdated = false;
      onCleanup(() => {
        outdated = true;
      });
      preloadPicture(wanted, untracked(this.sizes)).then(
        () => {
          if (!outdated) this.shown.set(wanted);
        },
        () => {
          if (!outdated) this.missing.emit();
        },
      );
    });
  }

  protected onLoad(img: HTMLImageElement): void {
    this.loaded.set(true);
    this.showing.emit(img.currentSrc);
  }
}
