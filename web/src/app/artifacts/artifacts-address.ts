import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { readView, withFilter, writeView, type ArtifactsFilter, type ArtifactsView } from './artifacts-view.ts';

/** What the address of the page of artifacts asks for, and the way to another. */
@Injectable()
export class ArtifactsAddress {
  readonly #route = inject(ActivatedRoute);
  readonly #router = inject(Router);
  readonly #query = toSignal(this.#route.queryParamMap, { initialValue: this.#route.snapshot.queryParamMap });
  readonly view = computed(() => readView(this.#query()));
  readonly filter = computed(() => this.view().filter);

  /** @param options.replaces what a person did not mean as a step, such as a letter more: Back goes over it */
  go(view: ArtifactsView, options: { readonly replaces?: boolean } = {}): void {
    void this.#router.navigate([], {
      relativeTo: this.#route,
      queryParams: writeView(view),
      replaceUrl: options.replaces === true,
    });
  }

  narrow(changes: Partial<ArtifactsFilter>, options: { readonly replaces?: boolean } = {}): void {
    this.go(withFilter(this.view(), changes), options);
  }

  toggleTag(tag: string): void {
    const { tags } = this.filter();
    this.narrow({ tags: tags.includes(tag) ? tags.filter((known) => known !== tag) : [...tags, tag] });
  }

  clear(): void {
    this.narrow({ query: '', tags: [], kind: null, status: null });
  }
}
