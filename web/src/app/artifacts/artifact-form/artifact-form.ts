import { Component, afterNextRender, model, signal, viewChild, type ElementRef } from '@angular/core';
import type { ArtifactDraft } from '../artifact-draft.ts';
import { TagInput } from '../tag-input/tag-input.ts';

/** The fields that a person fills in of an artifact. */
@Component({
  selector: 'hortus-artifact-form',
  imports: [TagInput],
  template: `
    <div class="field">
      <label for="draft-name">Name</label>
      <input
        #name
        id="draft-name"
        required
        maxlength="200"
        autocomplete="off"
        [attr.aria-invalid]="nameError() !== null"
        [attr.aria-describedby]="nameError() === null ? null : 'draft-name-error'"
        [value]="draft().name"
        (input)="change({ name: name.value })"
      />
      @if (nameError(); as error) {
        <p class="error" id="draft-name-error" role="alert">{{ error }}</p>
      }
    </div>
    <div class="field">
      <label for="draft-description">Description</label>
      <textarea
        #description
        id="draft-description"
        maxlength="10000"
        [value]="draft().description"
        (input)="change({ description: description.value })"
      ></textarea>
    </div>
    <hortus-tag-input label="Tags" [tags]="draft().tags" (tagsChange)="change({ tags: $event })" />
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--hortus-space-4);
    }

    .error {
      color: var(--mat-sys-error);
      font-size: var(--hortus-text-small);
    }
  `,
})
export class ArtifactForm {
  readonly draft = model.required<ArtifactDraft>();
  /** What is wrong with the name. */
  protected readonly nameError = signal<string | null>(null);
  private readonly name = viewChild.required<ElementRef<HTMLInputElement>>('name');
  private readonly tagInput = viewChild.required(TagInput);

  constructor() {
    afterNextRender(() => {
      this.name().nativeElement.focus();
    });
  }

  /** The draft with what is still being typed as a tag; null where it has no name, which the form says then. */
  commit(): ArtifactDraft | null {
    const tags = this.tagInput().commit();
    this.change({ tags });
    const draft = this.draft();
    const isNamed = draft.name.trim() !== '';
    this.nameError.set(isNamed ? null : 'An artifact needs a name.');
    if (isNamed) return draft;
    this.name().nativeElement.focus();
    return null;
  }

  protected change(changes: Partial<ArtifactDraft>): void {
    this.draft.update((draft) => ({ ...draft, ...changes }));
  }
}
