import { Service, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';

/** `<page> · Hortus`. A page that knows better, such as the name of an artifact, calls `show`. */
@Service()
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.show(this.buildTitle(snapshot));
  }

  show(page: string | undefined): void {
    this.#title.setTitle(page === undefined ? 'Hortus' : `${page} · Hortus`);
  }
}
