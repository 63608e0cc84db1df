import { Component, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { Artifact } from '@hortus/contracts/artifact';
import { Icon } from '../../ui/icon.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { shortcut } from '../../ui/shortcuts.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { ArtifactCreate } from '../artifact-create/artifact-create.ts';
import { ArtifactEdit } from '../artifact-edit/artifact-edit.ts';
import { ArtifactFacets } from '../artifact-facets/artifact-facets.ts';
import { ArtifactGrid } from '../artifact-grid/artifact-grid.ts';
import { ArtifactTable } from '../artifact-table/artifact-table.ts';
import { KIND_WORDS, STATUS_WORDS } from '../artifact-words.ts';
import { ArtifactsAddress } from '../artifacts-address.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { ArtifactsToolbar } from '../artifacts-toolbar/artifacts-toolbar.ts';
import { isFiltered } from '../artifacts-view.ts';
import { PickFiles } from '../pick-files/pick-files.ts';
import { SelectionBar } from '../selection-bar/selection-bar.ts';
import { SelectionStore } from '../selection-store.ts';
import { TagDialog } from '../tag-dialog/tag-dialog.ts';

/** As far as the api counts; beyond, it is a figure and more. */
const COUNTED_MAX = 10_000;
/** Shapes of the tiles that stand in while the list is on its way. */
const SKELETON_RATIOS = [1.5, 0.75, 1.33, 1, 1.6, 0.8, 1.33, 1.4, 0.7, 1.5];
const REFUSED = new Set(['ROLE_TOO_LOW', 'SCOPE_MISSING', 'WORKSPACE_NOT_FOUND']);

@Component({
  selector: 'hortus-artifacts-page',
  imports: [
    ArtifactCreate,
    ArtifactEdit,
    ArtifactFacets,
    ArtifactGrid,
    ArtifactTable,
    ArtifactsToolbar,
    Icon,
    PickFiles,
    ProblemNotice,
    RouterLink,
    SelectionBar,
    TagDialog,
  ],
  providers: [ArtifactsAddress],
  templateUrl: './artifacts-page.html',
  styleUrl: './artifacts-page.css',
})
export class ArtifactsPage {
  readonly #router = inject(Router);
  protected readonly address = inject(ArtifactsAddress);
  protected readonly store = inject(ArtifactsStore);
  protected readonly selection = inject(SelectionStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly skeletonRatios = SKELETON_RATIOS;
  protected readonly kindWords = KIND_WORDS;
  protected readonly statusWords = STATUS_WORDS;
  protected readonly facetsOpen = signal(false);
  protected readonly creating = signal(false);
  protected readonly filtered = computed(() => isFiltered(this.address.filter()));
  protected readonly chosen = computed(() => isFiltered({ ...this.address.filter(), query: '' }));
  /** The artifact as it was when editing began. */
  protected readonly editing = signal<Artifact | null>(null);
  /** What the tags of are changed: all that is selected, else what has the focus. */
  protected readonly tagging = signal<readonly string[] | null>(null);
  private readonly grid = viewChild(ArtifactGrid);
  private readonly table = viewChild(ArtifactTable);
  protected readonly searched = computed(() => this.address.filter().query.trim() !== '');
  protected readonly refused = computed(() => REFUSED.has(this.store.notice()?.code ?? ''));
  protected readonly count = computed(() => {
    const total = this.store.total();
    if (total === null) return null;
    const figure = new Intl.NumberFormat('en').format(total);
    return total >= COUNTED_MAX ? `${figure} and more` : figure;
  });

  constructor() {
    shortcut({
      key: 'n',
      label: 'New artifact',
      run: () => {
        this.creating.set(true);
      },
    });
    shortcut({ key: 'x', label: 'Select the artifact that has the focus', run: () => this.#selectFocused() });
    shortcut({ key: 'e', label: 'Edit it', run: () => this.#editFocused() });
    shortcut({ key: 't', label: 'Tag it, or all that is selected', run: () => this.tag() });
    effect(() => {
      const view = this.address.view();
      untracked(() => {
        this.store.show(view);
      });
    });
  }

  protected tag(): boolean {
    const focused = this.#focused();
    const ids = this.selection.isAny() ? [...this.selection.ids()] : focused === null ? [] : [focused.id];
    if (ids.length > 0) this.tagging.set(ids);
    return ids.length > 0;
  }

  protected openMade(id: string): void {
    void this.#router.navigate(['/w', this.workspace.slug, 'artifacts', id], { queryParamsHandling: 'preserve' });
  }

  #focused(): Artifact | null {
    return this.grid()?.focused() ?? this.table()?.focused() ?? null;
  }

  #selectFocused(): boolean {
    const focused = this.#focused();
    if (focused !== null) this.selection.toggle(focused.id);
    return focused !== null;
  }

  #editFocused(): boolean {
    const focused = this.#focused();
    if (focused !== null) this.editing.set(focused);
    return focused !== null;
  }
}
