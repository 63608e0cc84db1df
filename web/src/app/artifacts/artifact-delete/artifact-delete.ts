import { Component, DestroyRef, inject, input, output, signal } from '@angular/core';
import type { Artifact } from '@hortus/contracts/artifact';
import type { ErrorNotice } from '../../api/problem-error.ts';
import { Modal } from '../../ui/modal/modal.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { ArtifactStore } from '../artifact-store.ts';

@Component({
  selector: 'hortus-artifact-delete',
  imports: [Modal, ProblemNotice],
  template: `
    <hortus-modal heading="Delete this artifact?" (dismissed)="closed.emit()">
      <p>“{{ artifact().name }}” goes into the trash. It can be restored from there until the trash is emptied.</p>
      @if (notice(); as notice) {
        <hortus-problem-notice [notice]="notice" [action]="null" />
      }
      <div class="actions">
        <button type="button" class="button" (click)="closed.emit()">Keep it</button>
        <button type="button" class="button danger" [attr.aria-disabled]="deleting()" (click)="confirm()">
          {{ deleting() ? 'Deleting …' : 'Delete' }}
        </button>
      </div>
    </hortus-modal>
  `,
  styles: `
    hortus-problem-notice {
      margin-block-start: var(--hortus-space-4);
    }

    .actions {
      display: flex;
      justify-content: flex-end;
      gap: var(--hortus-space-2);
      padding-block-start: var(--hortus-space-5);
    }
  `,
})
export class ArtifactDelete {
  readonly #store = inject(ArtifactStore);
  readonly #lifetime = inject(DestroyRef);
  /** As it stands now: when it was changed in the meantime, the person sees that and may press again. */
  readonly artifact = input.required<Artifact>();
  readonly closed = output();
  readonly deleted = output();
  protected readonly deleting = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);

  protected async confirm(): Promise<void> {
    if (this.deleting()) return;
    this.deleting.set(true);
    const result = await this.#store.remove(this.artifact());
    if (this.#lifetime.destroyed) return;
    this.deleting.set(false);
    if (result.outcome === 'done') this.deleted.emit();
    else this.notice.set(result.notice);
  }
}
