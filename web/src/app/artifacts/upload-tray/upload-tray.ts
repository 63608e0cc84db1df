import { Component, computed, effect, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { isActive, uploadSummary, type Upload } from '../upload-queue.ts';
import { UploadsStore } from '../uploads-store.ts';

/** How long a tray stays in which everything went well. */
const DONE_STAYS_MS = 6000;

/** The uploads of this workspace, with their progress and what can be done about them. */
@Component({
  selector: 'hortus-upload-tray',
  imports: [Icon, RouterLink],
  templateUrl: './upload-tray.html',
  styleUrl: './upload-tray.css',
})
export class UploadTray {
  readonly #store = inject(UploadsStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly uploads = computed(() =>
    this.#store.queue().filter(({ workspaceId }) => workspaceId === this.workspace.id),
  );
  protected readonly summary = computed(() => uploadSummary(this.uploads()));
  protected readonly stuck = computed(() =>
    this.uploads()
      .filter(({ phase }) => phase === 'failed' || phase === 'interrupted')
      .map(({ id }) => id),
  );
  readonly #allDone = computed(
    () => this.uploads().length > 0 && this.uploads().every(({ phase }) => phase === 'done'),
  );
  protected readonly folded = signal(false);
  protected readonly formatBytes = formatBytes;
  protected readonly isActive = isActive;

  constructor() {
    effect((onCleanup) => {
      if (!this.#allDone()) return;
      const timer = setTimeout(() => {
        this.dismissDone();
      }, DONE_STAYS_MS);
      onCleanup(() => {
        clearTimeout(timer);
      });
    });
  }

  protected percent(upload: Upload): number {
    if (upload.phase === 'done') return 100;
    return upload.sizeBytes === 0 ? 0 : Math.round((upload.sentBytes / upload.sizeBytes) * 100);
  }

  protected words(upload: Upload): string {
    switch (upload.phase) {
      case 'waiting':
        return 'Waiting';
      case 'creating':
        return 'Starting';
      case 'sending':
        return `${formatBytes(upload.sentBytes)} of ${formatBytes(upload.sizeBytes)}`;
      case 'settling':
        return 'Storing';
      case 'done':
        return 'Uploaded';
      case 'interrupted':
        return `${upload.notice?.sentence ?? ''} It goes on when the connection is back.`;
      case 'failed':
        return upload.notice?.sentence ?? '';
    }
  }

  protected cancel(id: string): void {
    this.#store.cancel(id);
  }

  protected retry(ids: readonly string[]): void {
    this.#store.retry(ids);
  }

  protected dismissDone(): void {
    this.#store.dismiss(
      this.uploads()
        .filter(({ phase }) => phase === 'done')
        .map(({ id }) => id),
    );
  }
}
