import { DatePipe } from '@angular/common';
import { Component, computed, input, output, signal } from '@angular/core';
import type { Artifact } from '@hortus/contracts/artifact';
import {
  draftOf,
  mergeDrafts,
  type ArtifactDraft,
  type Choice,
  type DraftField,
  type FieldComparison,
} from '../artifact-draft.ts';

const FIELD_WORDS: Readonly<Record<DraftField, string>> = { name: 'Name', description: 'Description', tags: 'Tags' };

/** What two people made of one artifact, side by side; field by field a person says which holds. */
@Component({
  selector: 'hortus-artifact-conflict',
  imports: [DatePipe],
  templateUrl: './artifact-conflict.html',
  styleUrl: './artifact-conflict.css',
})
export class ArtifactConflict {
  readonly mine = input.required<ArtifactDraft>();
  readonly theirs = input.required<Artifact>();
  readonly compared = input.required<readonly FieldComparison[]>();
  readonly saving = input.required<boolean>();
  readonly resolved = output<ArtifactDraft>();
  readonly cancelled = output();
  protected readonly words = FIELD_WORDS;
  protected readonly choices = signal<Partial<Record<DraftField, Choice>>>({});
  protected readonly fields = computed(() =>
    this.compared().map(({ field, changedBy }) => ({
      field,
      changedBy,
      mine: textOf(this.mine(), field),
      theirs: textOf(draftOf(this.theirs()), field),
      choice: this.choices()[field] ?? (changedBy === 'theirs' ? 'theirs' : 'mine'),
    })),
  );

  protected choose(field: DraftField, choice: Choice): void {
    this.choices.update((choices) => ({ ...choices, [field]: choice }));
  }

  protected chooseAll(choice: Choice): void {
    this.choices.set(Object.fromEntries(this.compared().map(({ field }) => [field, choice])));
  }

  protected save(event: Event): void {
    event.preventDefault();
    if (this.saving()) return;
    this.resolved.emit(mergeDrafts(this.mine(), draftOf(this.theirs()), this.compared(), this.choices()));
  }
}

function textOf(draft: ArtifactDraft, field: DraftField): string {
  const text = field === 'tags' ? draft.tags.join(', ') : draft[field];
  return text.trim() === '' ? '(empty)' : text;
}
