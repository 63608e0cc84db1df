import { Component, DOCUMENT, inject, signal } from '@angular/core';
import { Icon } from '../../ui/icon.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { UploadsStore } from '../uploads-store.ts';

/** Takes files that are dropped anywhere on the page, and shows that it would while they hover. */
@Component({
  selector: 'hortus-drop-overlay',
  imports: [Icon],
  host: {
    '(window:dragenter)': 'enter($event)',
    '(window:dragover)': 'over($event)',
    '(window:dragleave)': 'leave($event)',
    '(window:drop)': 'drop($event)',
  },
  template: `
    @if (hovering()) {
      <div class="sheet">
        <div class="words">
          <hortus-icon name="upload" />
          <p class="title">Drop to upload</p>
          <p>Into {{ workspace.name }}</p>
        </div>
      </div>
    }
  `,
  styles: `
    .sheet {
      position: fixed;
      inset: 0;
      z-index: 40;
      display: grid;
      place-items: center;
      background: color-mix(in oklab, var(--mat-sys-background) 88%, transparent);
      pointer-events: none;
    }

    .sheet::before {
      position: absolute;
      inset: 14px;
      border: 2px dashed var(--mat-sys-primary);
      border-radius: var(--mat-sys-corner-large);
      content: '';
    }

    .words {
      display: grid;
      justify-items: center;
      gap: var(--hortus-space-2);
      color: var(--mat-sys-primary);
    }

    hortus-icon {
      width: 40px;
      height: 40px;
    }

    .title {
      font: 500 var(--hortus-name) / 1.2 var(--hortus-font-name);
    }
  `,
})
export class DropOverlay {
  readonly #uploads = inject(UploadsStore);
  readonly #document = inject(DOCUMENT);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly hovering = signal(false);

  protected enter(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.hovering.set(true);
  }

  protected over(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
  }

  protected leave(event: DragEvent): void {
    // Only leaving the window has no element that is entered in exchange.
    if (event.relatedTarget === null || event.target === this.#document) this.hovering.set(false);
  }

  protected drop(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.hovering.set(false);
    this.#uploads.add(this.workspace.id, droppedFiles(event.dataTransfer));
  }
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** A folder comes as a file that can't be read; it is left out. */
function droppedFiles(transfer: DataTransfer | null): File[] {
  if (transfer === null) return [];
  return [...transfer.items]
    .filter((item) => item.kind === 'file' && item.webkitGetAsEntry()?.isDirectory !== true)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}
