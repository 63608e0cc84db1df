import { Component, effect, inject, signal } from '@angular/core';
import { Icon } from '../icon.ts';
import { shortcut } from '../shortcuts.ts';
import { Toasts } from './toasts.ts';

const STAYS_MS = 8000;

/** Shows the toasts, and lets them go after a while unless somebody is at them. */
@Component({
  selector: 'hortus-toast-tray',
  imports: [Icon],
  host: {
    role: 'status',
    '(pointerenter)': 'held.set(true)',
    '(pointerleave)': 'held.set(false)',
    '(focusin)': 'held.set(true)',
    '(focusout)': 'held.set(false)',
  },
  template: `
    <ul aria-label="What was done">
      @for (toast of toasts.list(); track toast.id) {
        <li [class.bad]="toast.tone === 'bad'">
          <p>{{ toast.text }}</p>
          @if (toast.action; as action) {
            <button type="button" class="act" (click)="toasts.act(toast)">{{ action.label }}</button>
          }
          <button type="button" class="close" aria-label="Close this note" (click)="toasts.dismiss(toast.id)">
            <hortus-icon name="close" />
          </button>
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      position: fixed;
      inset-block-end: var(--hortus-space-4);
      inset-inline-start: var(--hortus-space-4);
      z-index: 50;
      max-width: min(460px, calc(100vw - 32px));
    }

    ul {
      display: grid;
      gap: var(--hortus-space-2);
    }

    li {
      display: flex;
      align-items: center;
      gap: var(--hortus-space-2);
      padding: 6px 6px 6px var(--hortus-space-4);
      border-radius: var(--mat-sys-corner-medium);
      background: var(--mat-sys-inverse-surface);
      color: var(--mat-sys-inverse-on-surface);
      box-shadow: var(--mat-sys-level2);
      font-size: var(--hortus-text-small);
      animation: toast-appear var(--hortus-calm) var(--hortus-ease);
    }

    li.bad {
      border-inline-start: 4px solid var(--mat-sys-error);
    }

    p {
      flex: 1;
      padding-block: 6px;
    }

    button {
      min-height: 32px;
      border: 0;
      border-radius: var(--mat-sys-corner-small);
      background: none;
      color: inherit;
      font: 500 var(--hortus-text-small) / 1 var(--hortus-font-work);
      cursor: pointer;
    }

    button:focus-visible {
      outline-color: currentColor;
      outline-offset: -2px;
    }

    .act {
      padding-inline: 10px;
      text-decoration: underline;
      text-underline-offset: 4px;
    }

    .close {
      display: grid;
      place-items: center;
      width: 32px;
      padding: 0;

      hortus-icon {
        width: 15px;
        height: 15px;
      }
    }

    /* Above the bar of the selection, which is in the middle. */
    @media (max-width: 1000px) {
      :host {
        inset-block-end: 84px;
      }
    }

    @keyframes toast-appear {
      from {
        opacity: 0;
        translate: 0 8px;
      }
    }
  `,
})
export class ToastTray {
  protected readonly toasts = inject(Toasts);
  protected readonly held = signal(false);

  constructor() {
    shortcut({ key: 'z', label: 'Undo what was done last', run: () => this.toasts.undoLast() });
    effect((onCleanup) => {
      const oldest = this.toasts.list()[0];
      if (oldest === undefined || this.held()) return;
      const timer = setTimeout(() => {
        this.toasts.dismiss(oldest.id);
      }, STAYS_MS);
      onCleanup(() => {
        clearTimeout(timer);
      });
    });
  }
}
