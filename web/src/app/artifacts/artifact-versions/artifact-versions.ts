import { DatePipe } from '@angular/common';
import { Component, DestroyRef, effect, inject, input, output, signal, untracked } from '@angular/core';
import type { Artifact } from '@hortus/contracts/artifact';
import type { listVersions, restoreVersion } from '@hortus/contracts/version-api';
import type { Output } from '@hortus/contracts/endpoint';
import { ApiClient } from '../../api/api-client.ts';
import { describeError, type ErrorNotice } from '../../api/problem-error.ts';
import { formatBytes } from '../../ui/byte-size.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { Toasts } from '../../ui/toasts/toasts.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { fileEnding } from '../original-name.ts';

type Version = Output<typeof listVersions>['items'][number];
const PAGE_LIMIT = 20;

/** The originals that an artifact has had; each can be brought back. */
@Component({
  selector: 'hortus-artifact-versions',
  imports: [DatePipe, ProblemNotice],
  template: `
    @if (notice(); as notice) {
      <hortus-problem-notice [notice]="notice" (acted)="load(null)" />
    }
    <ol aria-label="Versions, newest first">
      @for (version of versions(); track version.version) {
        <li>
          @if (version.picture?.thumbnail; as thumbnail) {
            <img alt="" loading="lazy" [src]="thumbnail.src" />
          } @else {
            <span class="sheet" aria-hidden="true">{{ endingOf(version) }}</span>
          }
          <div>
            <p>Version {{ version.version }}</p>
            <p class="when">
              <time [attr.datetime]="version.uploadedAt">{{ version.uploadedAt | date: 'd MMM y, HH:mm' }}</time> ·
              {{ formatBytes(version.sizeBytes) }}
            </p>
          </div>
          @if (version.isCurrent) {
            <span class="current">Current</span>
          } @else {
            <button
              type="button"
              class="button small"
              [attr.aria-label]="'Bring version ' + version.version + ' back'"
              [attr.aria-disabled]="restoring() !== null"
              (click)="restore(version)"
            >
              {{ restoring() === version.version ? 'Bringing back …' : 'Bring back' }}
            </button>
          }
        </li>
      }
    </ol>
    @if (nextCursor(); as cursor) {
      <button type="button" class="button small" (click)="load(cursor)">Older versions</button>
    }
  `,
  styles: `
    li {
      display: flex;
      align-items: center;
      gap: var(--hortus-space-3);
      padding-block: 6px;
    }

    div {
      flex: 1;
      min-width: 0;
      font-size: var(--hortus-text-small);
    }

    img,
    .sheet {
      width: 40px;
      height: 40px;
      border-radius: var(--mat-sys-corner-extra-small);
      object-fit: cover;
    }

    .sheet {
      display: grid;
      place-items: center;
      border: var(--hortus-rule);
      font-size: 0.6875rem;
    }

    .when {
      color: var(--mat-sys-on-surface-variant);
    }

    .current {
      color: var(--mat-sys-primary);
      font-weight: 500;
      font-size: var(--hortus-text-small);
    }
  `,
})
export class ArtifactVersions {
  readonly #api = inject(ApiClient);
  readonly #toasts = inject(Toasts);
  readonly #workspaceId = inject(CURRENT_WORKSPACE).id;
  readonly #page = new AbortController();
  readonly artifact = input.required<Artifact>();
  readonly restored = output<Artifact>();
  protected readonly versions = signal<readonly Version[]>([]);
  protected readonly nextCursor = signal<string | null>(null);
  protected readonly notice = signal<ErrorNotice | null>(null);
  protected readonly restoring = signal<number | null>(null);
  protected readonly formatBytes = formatBytes;

  constructor() {
    let shown = '';
    effect(() => {
      const { id, original, status } = this.artifact();
      // A version gets its picture when the gardener is done with it.
      const now = `${id} ${String(original?.version)} ${status}`;
      if (now === shown) return;
      shown = now;
      untracked(() => void this.load(null));
    });
    inject(DestroyRef).onDestroy(() => {
      this.#page.abort();
    });
  }

  /** @param cursor null for the newest */
  protected async load(cursor: string | null): Promise<void> {
    try {
      const { items, nextCursor } = await this.#api.call<typeof listVersions>(
        { method: 'GET', url: '/api/v1/artifacts/:id/versions' },
        {
          params: { id: this.artifact().id },
          querystring: cursor === null ? { limit: PAGE_LIMIT } : { limit: PAGE_LIMIT, cursor },
        },
        { workspaceId: this.#workspaceId, signal: this.#page.signal },
      );
      this.versions.update((before) => (cursor === null ? items : [...before, ...items]));
      this.nextCursor.set(nextCursor);
      this.notice.set(null);
    } catch (error) {
      if (!this.#page.signal.aborted) this.notice.set(describeError(error));
    }
  }

  protected async restore({ version }: Version): Promise<void> {
    if (this.restoring() !== null) return;
    const before = this.artifact().original?.version ?? null;
    const isBack = await this.#restore(version);
    if (!isBack) return;
    this.#toasts.show(`Version ${String(version)} is back.`, {
      action: before === null ? null : { label: 'Undo', run: () => void this.#restore(before) },
    });
  }

  async #restore(version: number): Promise<boolean> {
    this.restoring.set(version);
    try {
      const artifact = await this.#api.call<typeof restoreVersion>(
        { method: 'POST', url: '/api/v1/artifacts/:id/versions/:version/restore' },
        { params: { id: this.artifact().id, version } },
        { workspaceId: this.#workspaceId },
      );
      if (!this.#page.signal.aborted) this.restored.emit(artifact);
      return true;
    } catch (error) {
      this.#toasts.show(`Version ${String(version)} was not brought back. ${describeError(error).sentence}`, {
        tone: 'bad',
      });
      return false;
    } finally {
      this.restoring.set(null);
    }
  }

  protected endingOf({ contentType }: Version): string {
    return fileEnding(contentType).toUpperCase();
  }
}
