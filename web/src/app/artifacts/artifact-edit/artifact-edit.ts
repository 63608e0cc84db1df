import { Component, DestroyRef, inject, input, linkedSignal, output, signal } from '@angular/core';
import type { Artifact } from '@hortus/contracts/artifact';
import type { ErrorNotice } from '../../api/problem-error.ts';
import { Modal } from '../../ui/modal/modal.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { draftOf, draftPatch, type ArtifactDraft } from '../artifact-draft.ts';
import { ArtifactStore } from '../artifact-store.ts';

@Component({
  selector: 'hortus-artifact-edit',
  imports: [Modal, ProblemNotice],
  templateUrl: './artifact-edit.html',
  styles: `
    form {
      display: grid;
      gap: var(--hortus-space-4);
    }

    .actions {
      display: flex;
      justify-content: flex-end;
      gap: var(--hortus-space-2);
      padding-block-start: var(--hortus-space-2);
    }
  `,
})
export class ArtifactEdit {
  readonly #store = inject(ArtifactStore);
  readonly #lifetime = inject(DestroyRef);
  /** The artifact as it was when the form was opened: what `If-Match` speaks of. */
  readonly artifact = input.required<Artifact>();
  readonly closed = output();

  protected readonly seen = linkedSignal(() => this.artifact());
  protected readonly draft = linkedSignal<ArtifactDraft>(() => draftOf(this.seen()));
  protected readonly saving = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);
  /** Someone else was faster: what stands now. */
  protected readonly current = signal<Artifact | null>(null);

  protected change(changes: Partial<ArtifactDraft>): void {
    this.draft.update((draft) => ({ ...draft, ...changes }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.saving()) return;
    const patch = draftPatch(this.seen(), this.draft());
    if (patch === null) {
      this.closed.emit();
      return;
    }
    this.saving.set(true);
    const result = await this.#store.save(patch, this.seen());
    if (this.#lifetime.destroyed) return;
    this.saving.set(false);
    if (result.outcome === 'done') {
      this.closed.emit();
      return;
    }
    this.notice.set(result.notice);
    this.current.set(result.outcome === 'stale' ? result.current : null);
  }

  /** Begins again with what stands now. */
  protected takeCurrent(): void {
    const current = this.current();
    if (current === null) return;
    this.seen.set(current);
    this.current.set(null);
    this.notice.set(null);
  }
}
