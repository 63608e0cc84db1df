import { Component, computed, inject, output } from '@angular/core';
import { Modal } from '../ui/modal/modal.ts';
import { Shortcuts } from '../ui/shortcuts.ts';

const KEY_WORDS: Readonly<Record<string, string>> = { Escape: 'Esc' };

/** The keys that do something on this page. */
@Component({
  selector: 'hortus-key-sheet',
  imports: [Modal],
  template: `
    <hortus-modal heading="Keys of this page" (dismissed)="closed.emit()">
      <dl>
        @for (item of keys(); track item.key + item.label) {
          <div>
            <dt>
              <kbd>{{ item.key }}</kbd>
            </dt>
            <dd>{{ item.label }}</dd>
          </div>
        }
        <div>
          <dt><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt>
          <dd>From artifact to artifact, in the grid</dd>
        </div>
        <div>
          <dt><kbd>⇧</kbd> click</dt>
          <dd>Select up to here</dd>
        </div>
      </dl>
      <label>
        <input #on type="checkbox" [checked]="shortcuts.isOn()" (change)="shortcuts.switch(on.checked)" />
        Single keys act
      </label>
      <p>Switch them off if you speak to your computer. Esc always closes one layer.</p>
      <div class="actions"><button type="button" class="button" (click)="closed.emit()">Close</button></div>
    </hortus-modal>
  `,
  styles: `
    dl > div {
      display: grid;
      grid-template-columns: 132px 1fr;
      gap: var(--hortus-space-3);
      padding-block: 6px;
      border-block-end: var(--hortus-rule);
    }

    label {
      display: flex;
      align-items: center;
      gap: var(--hortus-space-2);
      min-height: 44px;
      margin-block-start: var(--hortus-space-3);
      font-weight: 500;
    }

    input {
      width: 20px;
      height: 20px;
      margin: 0;
      accent-color: var(--mat-sys-primary);
    }

    p {
      color: var(--mat-sys-on-surface-variant);
      font-size: var(--hortus-text-small);
    }

    .actions {
      padding-block-start: var(--hortus-space-4);
    }
  `,
})
export class KeySheet {
  protected readonly shortcuts = inject(Shortcuts);
  readonly closed = output();
  protected readonly keys = computed(() => {
    const seen = new Set<string>();
    return this.shortcuts
      .list()
      .map(({ key, label }) => ({ key: KEY_WORDS[key] ?? key, label }))
      .filter(({ key, label }) => !seen.has(key + label) && seen.add(key + label));
  });
}
