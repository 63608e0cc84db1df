import { Component, inject } from '@angular/core';
import { Icon } from '../../ui/icon.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { UploadsStore } from '../uploads-store.ts';

/** The button that picks files to upload: what a drop does, for people who don't drag. */
@Component({
  selector: 'hortus-pick-files',
  imports: [Icon],
  template: `
    <button type="button" class="button primary" (click)="files.click()"><hortus-icon name="upload" />Upload</button>
    <input #files type="file" multiple hidden aria-label="Files to upload" (change)="pick(files)" />
  `,
})
export class PickFiles {
  readonly #uploads = inject(UploadsStore);
  readonly #workspace = inject(CURRENT_WORKSPACE);

  protected pick(input: HTMLInputElement): void {
    this.#uploads.add(this.#workspace.id, [...(input.files ?? [])]);
    input.value = '';
  }
}
