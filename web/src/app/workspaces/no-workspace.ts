import { Component, inject } from '@angular/core';
import { Store } from '@ngrx/store';
import { SessionActions } from '../session/session-state.ts';
import { LeafMark } from '../ui/leaf-mark.ts';

@Component({
  selector: 'hortus-no-workspace',
  imports: [LeafMark],
  host: { role: 'main' },
  template: `
    <hortus-leaf-mark />
    <h1>You are not in a workspace yet</h1>
    <p>Ask the owner of a workspace to add you, then load this page again.</p>
    <button type="button" class="button" (click)="signOut()">Sign out</button>
  `,
  styles: `
    :host {
      display: grid;
      place-content: center;
      justify-items: center;
      gap: var(--hortus-space-4);
      min-height: 100dvh;
      padding: var(--hortus-gutter);
      text-align: center;
    }

    hortus-leaf-mark {
      font-size: 48px;
    }

    p {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class NoWorkspace {
  readonly #store = inject(Store);

  protected signOut(): void {
    this.#store.dispatch(SessionActions.signOutAsked());
  }
}
