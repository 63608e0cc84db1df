import { Component, computed, effect, inject, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ArtifactKind, ArtifactStatus } from '@hortus/contracts/artifact';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { KIND_WORDS, STATUS_WORDS } from '../artifact-words.ts';
import { ArtifactsAddress } from '../artifacts-address.ts';
import { KINDS, STATUSES } from '../artifacts-view.ts';
import { FacetsStore } from '../facets-store.ts';

/** Tags, kinds and statuses with how many artifacts have them; each narrows the list. */
@Component({
  selector: 'hortus-artifact-facets',
  imports: [ProblemNotice, RouterLink],
  providers: [FacetsStore],
  templateUrl: './artifact-facets.html',
  styleUrl: './artifact-facets.css',
})
export class ArtifactFacets {
  protected readonly address = inject(ArtifactsAddress);
  protected readonly store = inject(FacetsStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly kindWords = KIND_WORDS;
  protected readonly statusWords = STATUS_WORDS;

  protected readonly tags = computed(() => {
    const found = this.store.facets()?.tags ?? [];
    const chosen = this.address.filter().tags;
    // A choice that nothing has any more stays, or nobody could take it away again.
    const missing = chosen.filter((tag) => !found.some((item) => item.tag === tag)).map((tag) => ({ tag, count: 0 }));
    return [...missing, ...found].map((item) => ({ ...item, isChosen: chosen.includes(item.tag) }));
  });
  protected readonly kinds = computed(() => {
    const chosen = this.address.filter().kind;
    return KINDS.map((kind) => ({
      kind,
      isChosen: kind === chosen,
      count: this.store.facets()?.kinds.find((item) => item.kind === kind)?.count ?? 0,
    })).filter(({ count, isChosen }) => count > 0 || isChosen);
  });
  protected readonly statuses = computed(() => {
    const chosen = this.address.filter().status;
    return STATUSES.map((status) => ({
      status,
      isChosen: status === chosen,
      count: this.store.facets()?.statuses.find((item) => item.status === status)?.count ?? 0,
    })).filter(({ count, isChosen }) => count > 0 || isChosen);
  });

  constructor() {
    effect(() => {
      const filter = this.address.filter();
      untracked(() => {
        this.store.count(filter);
      });
    });
  }

  protected chooseKind(kind: ArtifactKind): void {
    this.address.narrow({ kind: this.address.filter().kind === kind ? null : kind });
  }

  protected chooseStatus(status: ArtifactStatus): void {
    this.address.narrow({ status: this.address.filter().status === status ? null : status });
  }
}
