import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LeafMark } from './leaf-mark.ts';

@Component({
  selector: 'hortus-not-found',
  imports: [RouterLink, LeafMark],
  host: { '[attr.role]': "main() ? 'main' : null" },
  template: `
    <hortus-leaf-mark />
    <h1>Nothing grows here</h1>
    <p>There is nothing at this address, or it is not yours to see.</p>
    <a class="button" routerLink="/">Go to your artifacts</a>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      align-content: center;
      gap: var(--hortus-space-4);
      min-height: 70dvh;
      padding: var(--hortus-space-6) var(--hortus-gutter);
      text-align: center;
    }

    hortus-leaf-mark {
      font-size: 48px;
      rotate: 160deg;
      opacity: 0.8;
    }

    p {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class NotFound {
  /** True where it is the whole page, and not a part of one that has its `<main>`. */
  readonly main = input(false);
}
