import { DestroyRef, Service, inject, signal } from '@angular/core';

export interface Shortcut {
  /** As `KeyboardEvent.key` names it. */
  readonly key: string;
  /** What the sheet of keys says. */
  readonly label: string;
  /** Answers false where it has nothing to do, and the next one that has the key is asked. */
  readonly run: () => unknown;
}

const STORAGE_KEY = 'hortus-single-keys';
const TYPED_INTO = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

/**
 * Single keys that act, as long as nobody types and no dialog is open. They can be switched off (WCAG 2.1.4), since people
 * who speak to their computer would set them off by accident; Esc stays.
 */
@Service()
export class Shortcuts {
  readonly #list = signal<readonly Shortcut[]>([]);
  readonly list = this.#list.asReadonly();
  readonly #isOn = signal(readChoice());
  readonly isOn = this.#isOn.asReadonly();

  constructor() {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (!this.#isOn() && event.key !== 'Escape') return;
      if (event.target instanceof Element && event.target.closest(`${TYPED_INTO}, [role=menu], dialog`) !== null)
        return;
      if (document.querySelector('dialog[open], [role=menu]') !== null) return;
      // The last that came is the nearest to what is on the screen.
      for (const { key, run } of this.#list().toReversed()) {
        if (key !== event.key || run() === false) continue;
        event.preventDefault();
        return;
      }
    });
  }

  add(shortcut: Shortcut): () => void {
    this.#list.update((list) => [...list, shortcut]);
    return () => {
      this.#list.update((list) => list.filter((known) => known !== shortcut));
    };
  }

  switch(isOn: boolean): void {
    this.#isOn.set(isOn);
    try {
      if (isOn) localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, 'off');
    } catch {
      // Storage is switched off: the choice holds until the page is loaded anew.
    }
  }
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    return true;
  }
}

/** A key of the component that is being made, as long as it is there. */
export function shortcut(shortcut: Shortcut): void {
  inject(DestroyRef).onDestroy(inject(Shortcuts).add(shortcut));
}
