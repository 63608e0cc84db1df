import { Service, signal } from '@angular/core';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MAX = 3;

/** Short notes of what was done, with a way to undo it. */
@Service()
export class Toasts {
  #count = 0;
  readonly #list = signal<readonly Toast[]>([]);
  readonly list = this.#list.asReadonly();

  /** @returns takes it away again */
  show(text: string, more: Partial<Pick<Toast, 'tone' | 'action'>> = {}): () => void {
    const toast: Toast = { tone: 'plain', action: null, ...more, id: ++this.#count, text };
    this.#list.update((list) => [...list, toast].slice(-SHOWN_MAX));
    return () => {
      this.dismiss(toast.id);
    };
  }

  dismiss(id: number): void {
    this.#list.update((list) => list.filter((toast) => toast.id !== id));
  }

  /** The newest thing that can be undone, where one still can. */
  undoLast(): boolean {
    const last = this.#list().findLast(({ action }) => action?.label === 'Undo');
    if (last === undefined) return false;
    this.act(last);
    return true;
  }

  act(toast: Toast): void {
    this.dismiss(toast.id);
    toast.action?.run();
  }
}
