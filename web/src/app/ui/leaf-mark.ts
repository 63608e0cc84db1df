import { Component } from '@angular/core';

/** The mark of the product: one leaf with its ribs. */
@Component({
  selector: 'hortus-leaf-mark',
  host: { 'aria-hidden': 'true' },
  template: `
    <svg viewBox="0 0 32 32">
      <path
        class="leaf"
        d="M27 4c1.5 10-1 17.5-6.5 21-4.200 2.700-8.600 2-11.300.3L5.900 28.600a1.5 1.5 0 0 1-2.100-2.100L7 23.200c-2-2.900-2.400-7.300.4-11.300C11.200 6.5 18 3.5 27 4Z"
      />
      <path class="rib" d="M7.5 24.5 20 12M13 19l-.4-6M13 19l6.200.2M17 15l-.2-4.200M17 15l4.300.1" />
    </svg>
  `,
  styles: `
    :host {
      display: inline-block;
      width: 1em;
      height: 1em;
    }

    svg {
      width: 100%;
      height: 100%;
    }

    .leaf {
      fill: var(--mat-sys-primary);
    }

    .rib {
      fill: none;
      stroke: var(--mat-sys-background);
      stroke-width: 1.5;
      stroke-linecap: round;
    }
  `,
})
export class LeafMark {}
