import { Component, computed, inject, signal } from '@angular/core';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { Store } from '@ngrx/store';
import { filter, take } from 'rxjs';
import { sessionFeature } from './session/session-state.ts';
import { LeafMark } from './ui/leaf-mark.ts';
import { ProblemNotice } from './ui/problem-notice.ts';

@Component({
  selector: 'hortus-app',
  imports: [RouterOutlet, LeafMark, ProblemNotice],
  template: `
    @if (waiting()) {
      <div class="start">
        <hortus-leaf-mark />
        @if (notice(); as notice) {
          <hortus-problem-notice [notice]="notice" [action]="null" />
          <p>Trying again …</p>
        } @else {
          <p class="seen-by-readers-only">Hortus is loading</p>
        }
      </div>
    }
    <router-outlet />
  `,
  styles: `
    .start {
      display: grid;
      place-content: center;
      justify-items: center;
      gap: var(--hortus-space-5);
      min-height: 100dvh;
      padding: var(--hortus-gutter);
    }

    .start hortus-leaf-mark {
      font-size: 40px;
      animation: grow 1.6s 300ms var(--hortus-ease) infinite alternate both;
    }

    @keyframes grow {
      from {
        opacity: 0;
        scale: 0.7;
      }
    }
  `,
})
export class App {
  readonly #store = inject(Store);
  readonly #arrived = signal(false);
  protected readonly notice = this.#store.selectSignal(sessionFeature.selectRestoreNotice);
  protected readonly waiting = computed(() => !this.#arrived());

  constructor() {
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        take(1),
      )
      .subscribe(() => {
        this.#arrived.set(true);
      });
  }
}
