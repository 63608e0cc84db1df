import { CdkMenu, CdkMenuItemRadio, CdkMenuGroup, CdkMenuTrigger } from '@angular/cdk/menu';
import {
  Component,
  DestroyRef,
  computed,
  inject,
  linkedSignal,
  model,
  output,
  viewChild,
  type ElementRef,
} from '@angular/core';
import { Icon } from '../../ui/icon.ts';
import { shortcut } from '../../ui/shortcuts.ts';
import { ArtifactsAddress } from '../artifacts-address.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { SORTS, type ArtifactsView } from '../artifacts-view.ts';
import { SORT_WORDS } from '../artifact-words.ts';

/** From the last letter to the search. */
const SEARCH_PAUSE_MS = 200;

@Component({
  selector: 'hortus-artifacts-toolbar',
  imports: [CdkMenu, CdkMenuGroup, CdkMenuItemRadio, CdkMenuTrigger, Icon],
  templateUrl: './artifacts-toolbar.html',
  styleUrl: './artifacts-toolbar.css',
})
export class ArtifactsToolbar {
  protected readonly address = inject(ArtifactsAddress);
  protected readonly store = inject(ArtifactsStore);
  readonly facetsOpen = model.required<boolean>();
  readonly created = output();
  private readonly search = viewChild.required<ElementRef<HTMLInputElement>>('search');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What stands in the field, which the address follows after a moment. */
  protected readonly typed = linkedSignal(() => this.address.filter().query);
  protected readonly sortWords = SORT_WORDS;
  protected readonly sorts = computed(() =>
    SORTS.filter((sort) => sort !== 'relevance' || this.address.filter().query.trim() !== ''),
  );
  protected readonly chosen = computed(() => {
    const { tags, kind, status } = this.address.filter();
    return tags.length + (kind === null ? 0 : 1) + (status === null ? 0 : 1);
  });

  constructor() {
    shortcut({
      key: '/',
      label: 'Search',
      run: () => {
        this.focusSearch();
      },
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
    });
  }

  protected type(text: string): void {
    this.typed.set(text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.searchNow();
    }, SEARCH_PAUSE_MS);
  }

  protected searchNow(): void {
    clearTimeout(this.#timer);
    const before = this.address.filter().query;
    if (this.typed() !== before) this.address.narrow({ query: this.typed() }, { replaces: before !== '' });
  }

  /** Esc takes one step back: first the words, then the field. */
  protected leaveSearch(event: Event): void {
    event.stopPropagation();
    if (this.typed() === '') this.search().nativeElement.blur();
    else this.clearSearch();
  }

  protected clearSearch(): void {
    this.typed.set('');
    this.searchNow();
    this.search().nativeElement.focus();
  }

  protected setLayout(layout: ArtifactsView['layout']): void {
    this.address.go({ ...this.address.view(), layout, page: 1, after: null });
  }

  private focusSearch(): void {
    this.search().nativeElement.focus();
    this.search().nativeElement.select();
  }
}
