import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject } from '@angular/core';
import { Store } from '@ngrx/store';
import { Icon } from '../ui/icon.ts';
import { SessionActions, sessionFeature } from './session-state.ts';

@Component({
  selector: 'hortus-account-menu',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon],
  template: `
    <button type="button" class="person" [cdkMenuTriggerFor]="menu">
      {{ initials() }}<span class="seen-by-readers-only">, account of {{ user()?.displayName }}</span>
    </button>
    <ng-template #menu>
      <div class="menu" cdkMenu>
        <p class="menu-head" role="presentation">
          <strong>{{ user()?.displayName }}</strong>
          <span>{{ user()?.email }}</span>
        </p>
        <hr />
        <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="signOut()">
          <hortus-icon name="signOut" />Sign out
        </button>
      </div>
    </ng-template>
  `,
  styles: `
    .person {
      position: relative;
      width: 36px;
      height: 36px;
      padding: 0;
      border: 1px solid var(--mat-sys-outline);
      border-radius: var(--mat-sys-corner-full);
      background: none;
      color: inherit;
      font: 500 0.8125rem / 1 var(--hortus-font-work);
      cursor: pointer;
    }

    .person:hover {
      background: var(--mat-sys-surface-container);
    }

    .menu-head {
      display: grid;
    }

    .menu-head strong {
      color: var(--mat-sys-on-surface);
      font-weight: 500;
    }
  `,
})
export class AccountMenu {
  readonly #store = inject(Store);
  protected readonly user = this.#store.selectSignal(sessionFeature.selectUser);
  protected readonly initials = computed(() =>
    (this.user()?.displayName ?? '')
      .split(/\s+/)
      .map((word) => word.charAt(0).toUpperCase())
      .filter((_letter, index, letters) => index === 0 || index === letters.length - 1)
      .join(''),
  );

  protected signOut(): void {
    this.#store.dispatch(SessionActions.signOutAsked());
  }
}
