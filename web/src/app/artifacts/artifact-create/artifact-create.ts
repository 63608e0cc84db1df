import { Component, DestroyRef, inject, output, signal, viewChild } from '@angular/core';
import type { ErrorNotice } from '../../api/problem-error.ts';
import { Modal } from '../../ui/modal/modal.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { emptyDraft, type ArtifactDraft } from '../artifact-draft.ts';
import { ArtifactForm } from '../artifact-form/artifact-form.ts';
import { ArtifactWrites } from '../artifact-writes.ts';
import { ArtifactsStore } from '../artifacts-store.ts';

/** Makes an artifact before there is a file of it. */
@Component({
  selector: 'hortus-artifact-create',
  imports: [ArtifactForm, Modal, ProblemNotice],
  template: `
    <hortus-modal heading="New artifact" (dismissed)="closed.emit()">
      <form novalidate (submit)="create($event)">
        <hortus-artifact-form [(draft)]="draft" />
        @if (notice(); as notice) {
          <hortus-problem-notice [notice]="notice" [action]="null" />
        }
        <div class="actions">
          <button type="button" class="button" (click)="closed.emit()">Cancel</button>
          <button type="submit" class="button primary" [attr.aria-disabled]="making()">
            {{ making() ? 'Making …' : 'Make' }}
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
  `,
})
export class ArtifactCreate {
  readonly #writes = inject(ArtifactWrites);
  readonly #list = inject(ArtifactsStore);
  readonly #lifetime = inject(DestroyRef);
  /** The id of the new one. */
  readonly made = output<string>();
  readonly closed = output();
  private readonly form = viewChild.required(ArtifactForm);
  protected readonly draft = signal<ArtifactDraft>(emptyDraft);
  protected readonly making = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    if (this.making()) return;
    const draft = this.form().commit();
    if (draft === null) return;
    this.making.set(true);
    const result = await this.#writes.create(draft);
    if (this.#lifetime.destroyed) return;
    this.making.set(false);
    if (result.outcome === 'failed') this.notice.set(result.notice);
    else if (result.outcome === 'done') {
      this.#list.place(result.artifact);
      this.made.emit(result.artifact.id);
      this.closed.emit();
    }
  }
}
