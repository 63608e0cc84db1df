import {
  Component,
  DestroyRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
  type ElementRef,
} from '@angular/core';
import type { TagCount } from '@hortus/contracts/tag-api';
import { describeError, type ErrorNotice } from '../api/problem-error.ts';
import { Modal } from '../ui/modal/modal.ts';
import { ProblemNotice } from '../ui/problem-notice.ts';
import { Toasts } from '../ui/toasts/toasts.ts';
import { TagsStore } from './tags-store.ts';

/** Gives a tag another name; one that exists already makes one tag of the two, which is asked about. */
@Component({
  selector: 'hortus-tag-rename',
  imports: [Modal, ProblemNotice],
  template: `
    <hortus-modal [heading]="'Rename “' + tag().tag + '”'" (dismissed)="closed.emit()">
      <form novalidate (submit)="rename($event)">
        <div class="field">
          <label for="tag-name">New name</label>
          <input
            #field
            id="tag-name"
            maxlength="50"
            autocomplete="off"
            aria-describedby="tag-name-hint"
            [value]="name()"
            (input)="type(field.value)"
          />
          <p class="hint" id="tag-name-hint">A name that another tag has makes one tag of the two.</p>
        </div>
        @if (merging(); as other) {
          <p class="merge" role="alert">
            “{{ other.tag }}” is a tag already, on {{ other.count }} {{ other.count === 1 ? 'artifact' : 'artifacts' }}.
            After this, all of them and those of “{{ tag().tag }}” have “{{ other.tag }}”. That can’t be taken apart
            again.
          </p>
        }
        @if (notice(); as notice) {
          <hortus-problem-notice [notice]="notice" [action]="null" />
        }
        <div class="actions">
          <button type="button" class="button" (click)="closed.emit()">Cancel</button>
          <button type="submit" class="button primary" [attr.aria-disabled]="busy()">
            {{ busy() ? 'Renaming …' : merging() ? 'Merge the two' : 'Rename' }}
          </button>
        </div>
      </form>
    </hortus-modal>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--hortus-space-4);
    }

    .merge {
      padding: var(--hortus-space-3);
      border-inline-start: 3px solid var(--mat-sys-primary);
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
      font-size: var(--hortus-text-small);
    }
  `,
})
export class TagRename {
  readonly #store = inject(TagsStore);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);
  readonly tag = input.required<TagCount>();
  readonly closed = output();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly typed = signal<string | null>(null);
  protected readonly name = computed(() => this.typed() ?? this.tag().tag);
  /** The tag that has the new name already. */
  protected readonly merging = signal<TagCount | null>(null);
  protected readonly busy = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);

  constructor() {
    afterNextRender(() => {
      this.field().nativeElement.select();
    });
  }

  protected type(text: string): void {
    this.typed.set(text);
    this.merging.set(null);
    this.notice.set(null);
  }

  protected async rename(event: Event): Promise<void> {
    event.preventDefault();
    const before = this.tag().tag;
    const name = this.name().trim().replace(/\s+/g, ' ');
    if (this.busy()) return;
    if (name === '' || name === before) {
      this.field().nativeElement.focus();
      return;
    }
    this.busy.set(true);
    const { notice, other } = await this.#try(before, name);
    if (this.#lifetime.destroyed) return;
    this.busy.set(false);
    this.notice.set(notice);
    this.merging.set(other);
    if (notice !== null || other !== null) return;
    this.#toasts.show(`“${before}” is “${name}” now.`);
    this.closed.emit();
  }

  async #try(before: string, name: string): Promise<{ notice: ErrorNotice | null; other: TagCount | null }> {
    try {
      const other = this.merging() === null ? await this.#store.find(name) : null;
      if (other !== null) return { notice: null, other };
    } catch (error) {
      return { notice: describeError(error), other: null };
    }
    return { notice: await this.#store.rename(before, name), other: null };
  }
}
