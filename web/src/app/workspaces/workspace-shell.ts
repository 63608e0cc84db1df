import { Component, DestroyRef, computed, inject, signal, viewChild, type ElementRef } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterLink, RouterOutlet } from '@angular/router';
import type { WorkspaceMembership } from '@hortus/contracts/workspace';
import { Store } from '@ngrx/store';
import { distinctUntilChanged, filter, map, skip } from 'rxjs';
import { ArtifactWrites } from '../artifacts/artifact-writes.ts';
import { ArtifactsStore } from '../artifacts/artifacts-store.ts';
import { BulkActions } from '../artifacts/bulk-actions.ts';
import { DropOverlay } from '../artifacts/drop-overlay/drop-overlay.ts';
import { SelectionStore } from '../artifacts/selection-store.ts';
import { PickFiles } from '../artifacts/pick-files/pick-files.ts';
import { UploadTray } from '../artifacts/upload-tray/upload-tray.ts';
import { LiveActions } from '../session/live-state.ts';
import { AccountMenu } from '../session/account-menu.ts';
import { KeySheet } from '../keys/key-sheet.ts';
import { Icon } from '../ui/icon.ts';
import { LeafMark } from '../ui/leaf-mark.ts';
import { ToastTray } from '../ui/toasts/toast-tray.ts';
import { shortcut } from '../ui/shortcuts.ts';
import { ThemeToggle } from '../ui/theme-toggle.ts';
import { ConnectionBanner } from './connection-banner.ts';
import { CURRENT_WORKSPACE } from './current-workspace.ts';
import { WorkspaceSwitcher } from './workspace-switcher.ts';

/** What surrounds every page of a workspace. It is made anew for each workspace, and its stores with it. */
@Component({
  selector: 'hortus-workspace-shell',
  imports: [
    RouterOutlet,
    RouterLink,
    AccountMenu,
    ConnectionBanner,
    DropOverlay,
    Icon,
    KeySheet,
    LeafMark,
    PickFiles,
    ThemeToggle,
    ToastTray,
    UploadTray,
    WorkspaceSwitcher,
  ],
  providers: [
    {
      provide: CURRENT_WORKSPACE,
      useFactory: () => inject(ActivatedRoute).snapshot.data['workspace'] as WorkspaceMembership,
    },
    ArtifactsStore,
    SelectionStore,
    BulkActions,
    ArtifactWrites,
  ],
  templateUrl: './workspace-shell.html',
  styleUrl: './workspace-shell.css',
})
export class WorkspaceShell {
  readonly #store = inject(Store);
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly home = computed(() => ['/w', this.workspace.slug, 'artifacts']);

  protected readonly keysOpen = signal(false);

  constructor() {
    shortcut({
      key: '?',
      label: 'This sheet',
      run: () => {
        this.keysOpen.set(true);
      },
    });
    this.#store.dispatch(LiveActions.workspaceEntered({ workspaceId: this.workspace.id }));
    // The next shell may have entered its workspace before this one goes.
    const { id } = this.workspace;
    inject(DestroyRef).onDestroy(() => {
      this.#store.dispatch(LiveActions.workspaceLeft({ workspaceId: id }));
    });
    // The link that was followed is gone: without this, the keyboard would begin at the top of the document again, which is
    // right only for the first page, and where the page stays and only what it shows is another.
    const router = inject(Router);
    router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.replace(/[?#].*/, '')),
        distinctUntilChanged(),
        skip(router.lastSuccessfulNavigation() === null ? 1 : 0),
        takeUntilDestroyed(),
      )
      .subscribe(() => {
        this.main().nativeElement.focus({ preventScroll: true });
      });
  }

  protected skipToMain(event: Event): void {
    event.preventDefault();
    this.main().nativeElement.focus();
  }
}
