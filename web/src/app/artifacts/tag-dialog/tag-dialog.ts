import { Component, computed, inject, input, output, signal, viewChildren } from '@angular/core';
import { Modal } from '../../ui/modal/modal.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { BulkActions } from '../bulk-actions.ts';
import { TagInput } from '../tag-input/tag-input.ts';

/** Adds tags to artifacts and takes tags off them. */
@Component({
  selector: 'hortus-tag-dialog',
  imports: [Modal, TagInput],
  template: `
    <hortus-modal
      [heading]="ids().length === 1 ? 'Tag this artifact' : 'Tag ' + ids().length + ' artifacts'"
      (dismissed)="closed.emit()"
    >
      <form (submit)="apply($event)">
        <hortus-tag-input label="Add tags" [(tags)]="add" />
        @if (present().length > 0) {
          <fieldset>
            <legend>Take off</legend>
            @for (tag of present(); track tag) {
              <label
                ><input type="checkbox" [checked]="remove().includes(tag)" (change)="toggle(tag)" />{{ tag }}</label
              >
            }
          </fieldset>
        }
        <div class="actions">
          <button type="button" class="button" (click)="closed.emit()">Cancel</button>
          <button type="submit" class="button primary">Apply</button>
        </div>
      </form>
    </hortus-modal>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--hortus-space-4);
    }

    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 4px var(--hortus-space-4);
      max-height: 180px;
      overflow: auto;
      border: 0;
    }

    legend {
      padding: 0 0 6px;
      font-weight: 500;
      font-size: var(--hortus-text-small);
    }

    label {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      min-height: 32px;
    }

    input {
      width: 20px;
      height: 20px;
      margin: 0;
      accent-color: var(--mat-sys-primary);
    }
  `,
})
export class TagDialog {
  readonly #list = inject(ArtifactsStore);
  readonly #bulk = inject(BulkActions);
  readonly ids = input.required<readonly string[]>();
  readonly closed = output();
  private readonly inputs = viewChildren(TagInput);
  protected readonly add = signal<readonly string[]>([]);
  protected readonly remove = signal<readonly string[]>([]);
  /** The tags that at least one of them has, as far as the list knows. */
  protected readonly present = computed(() => {
    const tags = this.ids().flatMap((id) => this.#list.entityMap()[id]?.tags ?? []);
    return [...new Set(tags)].sort((a, b) => a.localeCompare(b));
  });

  protected toggle(tag: string): void {
    this.remove.update((tags) => (tags.includes(tag) ? tags.filter((known) => known !== tag) : [...tags, tag]));
  }

  protected apply(event: Event): void {
    event.preventDefault();
    const add = this.inputs()[0]?.commit() ?? [];
    const remove = this.remove();
    if (add.length + remove.length > 0) void this.#bulk.tag(this.ids(), { add, remove });
    this.closed.emit();
  }
}
