import {
  Component,
  afterNextRender,
  inject,
  input,
  output,
  viewChild,
  DestroyRef,
  type ElementRef,
} from '@angular/core';

let count = 0;

/**
 * A dialog over the page: the browser's own, which traps the focus, makes the rest inert and closes by Esc. It is open as
 * long as it is there; focus goes back to where it was.
 */
@Component({
  selector: 'hortus-modal',
  template: `
    <dialog #dialog [attr.aria-labelledby]="titleId" (cancel)="dismiss($event)">
      <h2 [id]="titleId">{{ heading() }}</h2>
      <ng-content />
    </dialog>
  `,
  styles: `
    dialog {
      width: min(520px, calc(100vw - 32px));
      max-height: calc(100dvh - 32px);
      padding: var(--hortus-space-5);
      border: var(--hortus-rule);
      border-radius: var(--mat-sys-corner-large);
      background: var(--mat-sys-surface);
      color: var(--mat-sys-on-surface);
      box-shadow: var(--mat-sys-level4);
    }

    dialog::backdrop {
      background: var(--mat-sys-scrim);
    }

    h2 {
      margin-block-end: var(--hortus-space-4);
      font-size: var(--hortus-name);
    }
  `,
})
export class Modal {
  readonly heading = input.required<string>();
  /** The person wants to leave it by Esc. */
  readonly dismissed = output();
  protected readonly titleId = `modal-${String(++count)}`;
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    const before = document.activeElement;
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
    });
    // A dialog that is taken out of the page does not give the focus back by itself.
    inject(DestroyRef).onDestroy(() => {
      if (before instanceof HTMLElement) before.focus();
    });
  }

  protected dismiss(event: Event): void {
    event.preventDefault();
    this.dismissed.emit();
  }
}
