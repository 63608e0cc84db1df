import { Component, effect, input, linkedSignal, output } from '@angular/core';
import type { ErrorNotice } from '../api/problem-error.ts';
import { Icon } from './icon.ts';

/** What went wrong, the number to name when asking for help, and a way on. */
@Component({
  selector: 'hortus-problem-notice',
  imports: [Icon],
  host: { role: 'alert' },
  template: `
    <hortus-icon name="alert" />
    <div class="text">
      <p>{{ notice().sentence }}</p>
      @if (notice().requestId; as requestId) {
        <p class="request">Request {{ requestId }}</p>
      }
    </div>
    @if (action(); as action) {
      <button type="button" class="button small" [attr.aria-disabled]="waitSeconds() > 0" (click)="act()">
        {{ waitSeconds() > 0 ? action + ' in ' + waitSeconds() + ' s' : action }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--hortus-space-3);
      padding: var(--hortus-space-3) var(--hortus-space-4);
      border-inline-start: 3px solid var(--mat-sys-error);
      border-radius: var(--mat-sys-corner-extra-small);
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
    }

    .text {
      flex: 1 1 200px;
    }

    .request {
      font-size: var(--hortus-text-small);
      font-variant-numeric: tabular-nums;
      user-select: all;
    }
  `,
})
export class ProblemNotice {
  readonly notice = input.required<ErrorNotice>();
  /** What the button says; without it there is none. */
  readonly action = input<string | null>('Try again');
  readonly acted = output();

  /** Counts down while the api would only refuse again. */
  protected readonly waitSeconds = linkedSignal(() => this.notice().retryAfterSeconds ?? 0);

  constructor() {
    effect((onCleanup) => {
      if (this.waitSeconds() === 0) return;
      const timer = setTimeout(() => {
        this.waitSeconds.update((seconds) => seconds - 1);
      }, 1000);
      onCleanup(() => {
        clearTimeout(timer);
      });
    });
  }

  protected act(): void {
    if (this.waitSeconds() === 0) this.acted.emit();
  }
}
