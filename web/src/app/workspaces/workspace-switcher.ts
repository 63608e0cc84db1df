import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Store } from '@ngrx/store';
import { sessionFeature } from '../session/session-state.ts';
import { Icon } from '../ui/icon.ts';
import { CURRENT_WORKSPACE } from './current-workspace.ts';

/** The name of the workspace, and the way to the others where a person has several. */
@Component({
  selector: 'hortus-workspace-switcher',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon],
  template: `
    @if (workspaces().length > 1) {
      <button
        type="button"
        class="button quiet current"
        [cdkMenuTriggerFor]="menu"
        [attr.aria-label]="'Workspace ' + current.name + ', switch'"
      >
        <span>{{ current.name }}</span>
        <hortus-icon name="chevron" />
      </button>
      <ng-template #menu>
        <div class="menu" cdkMenu>
          @for (workspace of workspaces(); track workspace.id) {
            <button
              type="button"
              class="menu-item"
              cdkMenuItem
              [attr.aria-current]="workspace.id === current.id"
              (cdkMenuItemTriggered)="open(workspace.slug)"
            >
              <hortus-icon name="check" [style.visibility]="workspace.id === current.id ? 'visible' : 'hidden'" />
              <span>{{ workspace.name }}</span>
            </button>
          }
        </div>
      </ng-template>
    } @else {
      <span class="current alone">{{ current.name }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      min-width: 0;
    }

    .current {
      max-width: 100%;
      padding-inline: var(--hortus-space-2);
    }

    .current span,
    .alone {
      overflow: hidden;
      font-weight: 500;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
})
export class WorkspaceSwitcher {
  readonly #router = inject(Router);
  protected readonly current = inject(CURRENT_WORKSPACE);
  protected readonly workspaces = inject(Store).selectSignal(sessionFeature.selectWorkspaces);

  protected open(slug: string): void {
    void this.#router.navigate(['/w', slug, 'artifacts']);
  }
}
