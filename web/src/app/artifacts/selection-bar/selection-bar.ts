import { Component, DestroyRef, ElementRef, computed, inject, output } from '@angular/core';
import { Icon } from '../../ui/icon.ts';
import { shortcut } from '../../ui/shortcuts.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { BulkActions } from '../bulk-actions.ts';
import { SelectionStore } from '../selection-store.ts';

/** What can be done with the artifacts that are selected. */
@Component({
  selector: 'hortus-selection-bar',
  imports: [Icon],
  template: `
    <section class="floating-bar" aria-label="Selection">
      <p role="status">
        <strong>{{ selection.count() }}</strong> selected
      </p>
      @if (canSelectMore()) {
        <button type="button" class="button quiet all" (click)="selectLoaded()">
          All {{ list.ids().length }} loaded
        </button>
      }
      <button type="button" class="button quiet" (click)="tagged.emit()">
        <hortus-icon name="tag" /><span>Tag</span>
      </button>
      <button type="button" class="button quiet" (click)="download()">
        <hortus-icon name="download" /><span>Download</span>
      </button>
      <button type="button" class="button quiet" (click)="trash()">
        <hortus-icon name="trash" /><span>Trash</span>
      </button>
      <button type="button" class="button quiet icon-only" aria-label="Select nothing" (click)="selection.clear()">
        <hortus-icon name="close" />
      </button>
    </section>
  `,
  styleUrl: './selection-bar.css',
})
export class SelectionBar {
  protected readonly list = inject(ArtifactsStore);
  protected readonly selection = inject(SelectionStore);
  readonly #bulk = inject(BulkActions);
  readonly tagged = output();
  protected readonly canSelectMore = computed(() =>
    this.list.ids().some((id) => !this.selection.ids().has(String(id))),
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // The button that was pressed goes with the bar: the keyboard goes on in the list.
    inject(DestroyRef).onDestroy(() => {
      if (host.contains(document.activeElement)) document.querySelector('main')?.focus({ preventScroll: true });
    });
    shortcut({
      key: 'Escape',
      label: 'Select nothing',
      run: () => {
        this.selection.clear();
      },
    });
  }

  protected selectLoaded(): void {
    this.selection.select([...this.selection.ids(), ...this.list.ids().map(String)]);
  }

  protected trash(): void {
    void this.#bulk.trash([...this.selection.ids()]);
  }

  protected download(): void {
    void this.#bulk.download([...this.selection.ids()]);
  }
}
