import { Component, computed, inject } from '@angular/core';
import { Icon, type IconName } from './icon.ts';
import { THEMES, ThemeChoice, type Theme } from './theme.ts';

const LOOKS: Readonly<Record<Theme, { readonly icon: IconName; readonly label: string }>> = {
  system: { icon: 'contrast', label: 'Theme: as the system' },
  light: { icon: 'sun', label: 'Theme: light' },
  dark: { icon: 'moon', label: 'Theme: dark' },
};

/** One button that goes through the themes: system, light, dark. */
@Component({
  selector: 'hortus-theme-toggle',
  imports: [Icon],
  template: `
    <button
      type="button"
      class="button quiet icon-only"
      [attr.aria-label]="look().label"
      [title]="look().label"
      (click)="next()"
    >
      <hortus-icon [name]="look().icon" />
    </button>
  `,
})
export class ThemeToggle {
  readonly #choice = inject(ThemeChoice);
  protected readonly look = computed(() => LOOKS[this.#choice.theme()]);

  protected next(): void {
    const index = THEMES.indexOf(this.#choice.theme());
    this.#choice.choose(THEMES[(index + 1) % THEMES.length] ?? 'system');
  }
}
