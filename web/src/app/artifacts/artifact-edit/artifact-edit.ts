import { Component, DestroyRef, computed, inject, input, linkedSignal, output, signal, viewChild } from '@angular/core';
import type { Artifact } from '@hortus/contracts/artifact';
import type { ErrorNotice } from '../../api/problem-error.ts';
import { Modal } from '../../ui/modal/modal.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { Toasts } from '../../ui/toasts/toasts.ts';
import { ArtifactConflict } from '../artifact-conflict/artifact-conflict.ts';
import { compareDrafts, draftOf, draftPatch, mergeDrafts, type ArtifactDraft } from '../artifact-draft.ts';
import { ArtifactForm } from '../artifact-form/artifact-form.ts';
import { ArtifactWrites } from '../artifact-writes.ts';
import { ArtifactsStore } from '../artifacts-store.ts';

/** Changes what is said of an artifact; where somebody else was faster, the two are compared. */
@Component({
  selector: 'hortus-artifact-edit',
  imports: [ArtifactConflict, ArtifactForm, Modal, ProblemNotice],
  template: `
    <hortus-modal [heading]="theirs() ? 'Changed by somebody else' : 'Edit artifact'" (dismissed)="leave()">
      @if (theirs(); as theirs) {
        <hortus-artifact-conflict
          [mine]="draft()"
          [theirs]="theirs"
          [compared]="compared()"
          [saving]="saving()"
          (resolved)="send($event, theirs)"
          (cancelled)="theirsLeft()"
        />
      } @else {
        <form novalidate (submit)="save($event)">
          <hortus-artifact-form [(draft)]="draft" />
          @if (notice(); as notice) {
            <hortus-problem-notice [notice]="notice" [action]="null" />
          }
          <div class="actions">
            <button type="button" class="button" (click)="closed.emit()">Cancel</button>
            <button type="submit" class="button primary" [attr.aria-disabled]="saving()">
              {{ saving() ? 'Saving …' : 'Save' }}
            </button>
          </div>
        </form>
      }
    </hortus-modal>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--hortus-space-4);
    }
  `,
})
export class ArtifactEdit {
  readonly #writes = inject(ArtifactWrites);
  readonly #list = inject(ArtifactsStore);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);
  /** The artifact as it was when the form was opened: what `If-Match` speaks of. */
  readonly artifact = input.required<Artifact>();
  readonly saved = output<Artifact>();
  readonly closed = output();
  private readonly form = viewChild.required(ArtifactForm);

  protected readonly seen = linkedSignal(() => this.artifact());
  protected readonly draft = linkedSignal<ArtifactDraft>(() => draftOf(this.artifact()));
  protected readonly saving = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);
  /** Someone else was faster: what stands now. */
  protected readonly theirs = signal<Artifact | null>(null);
  protected readonly compared = computed(() => {
    const theirs = this.theirs();
    return theirs === null ? [] : compareDrafts(draftOf(this.seen()), this.draft(), draftOf(theirs));
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.saving()) return;
    const draft = this.form().commit();
    if (draft === null) return;
    await this.send(draft, this.seen());
  }

  /** @param base what the draft is compared with, and at which revision it is saved */
  protected async send(draft: ArtifactDraft, base: Artifact): Promise<void> {
    const patch = draftPatch(base, draft);
    if (patch === null) {
      this.#done(base);
      return;
    }
    this.saving.set(true);
    const result = await this.#writes.save(base, patch);
    if (this.#lifetime.destroyed) return;
    this.saving.set(false);
    if (result.outcome === 'done') this.#done(result.artifact);
    else if (result.outcome === 'failed') {
      this.theirs.set(null);
      this.notice.set(result.notice);
    } else await this.#meet(draft, base, result.current);
  }

  /** Esc in the comparison leads back to the form, with all that was typed. */
  protected leave(): void {
    if (this.theirs() === null) this.closed.emit();
    else this.theirsLeft();
  }

  protected theirsLeft(): void {
    this.theirs.set(null);
  }

  /** Where no field was changed by both, both changes hold and nobody is asked. */
  async #meet(draft: ArtifactDraft, base: Artifact, current: Artifact): Promise<void> {
    this.draft.set(draft);
    this.seen.set(base);
    const compared = compareDrafts(draftOf(base), draft, draftOf(current));
    if (compared.some(({ changedBy }) => changedBy === 'both')) {
      this.theirs.set(current);
      return;
    }
    this.#toasts.show('Somebody else changed other parts of it meanwhile; both changes hold.');
    const merged = mergeDrafts(draft, draftOf(current), compared, {});
    this.draft.set(merged);
    this.seen.set(current);
    await this.send(merged, current);
  }

  #done(artifact: Artifact): void {
    this.#list.place(artifact);
    this.saved.emit(artifact);
    this.closed.emit();
  }
}
