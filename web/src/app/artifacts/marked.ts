import { Component, computed, input } from '@angular/core';
import type { Highlight } from '@hortus/contracts/artifact-api';
import { cutAtMatches } from './marked-text.ts';

/** A text with what matches the search marked. */
@Component({
  selector: 'hortus-marked',
  template: `
    @for (part of parts(); track $index) {
      @if (part.isMatch) {
        <mark [textContent]="part.text"></mark>
      } @else {
        <span [textContent]="part.text"></span>
      }
    }
  `,
  styles: `
    mark {
      border-radius: var(--mat-sys-corner-extra-small);
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
    }
  `,
})
export class Marked {
  readonly of = input.required<Pick<Highlight, 'text' | 'ranges'>>();
  protected readonly parts = computed(() => cutAtMatches(this.of().text, this.of().ranges));
}
