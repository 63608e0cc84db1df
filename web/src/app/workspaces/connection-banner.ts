import { Component, computed, inject } from '@angular/core';
import { Store } from '@ngrx/store';
import { liveFeature } from '../session/live-state.ts';
import { Icon } from '../ui/icon.ts';

/** Says when what is on the screen may be out of date. */
@Component({
  selector: 'hortus-connection-banner',
  imports: [Icon],
  host: { role: 'status' },
  template: `
    @if (sentence(); as sentence) {
      <p><hortus-icon name="offline" />{{ sentence }}</p>
    }
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--hortus-space-3);
      padding: var(--hortus-space-2) var(--hortus-gutter);
      background: var(--mat-sys-inverse-surface);
      color: var(--mat-sys-inverse-on-surface);
      font-size: var(--hortus-text-small);
    }
  `,
})
export class ConnectionBanner {
  readonly #store = inject(Store);
  readonly #status = this.#store.selectSignal(liveFeature.selectStatus);
  readonly #online = this.#store.selectSignal(liveFeature.selectOnline);
  readonly #failures = this.#store.selectSignal(liveFeature.selectFailures);

  protected readonly sentence = computed(() => {
    if (!this.#online()) return 'You are offline. This page catches up when you are back.';
    if (this.#status() === 'refused')
      return 'Live changes are not available here. Load the page again to see what is new.';
    // One lost connection is mended before anybody would have read of it.
    return this.#failures() > 1 ? 'Hortus can’t be reached. Trying again …' : null;
  });
}
