import { Component, inject, input } from '@angular/core';
import { Store } from '@ngrx/store';
import { LeafMark } from '../../ui/leaf-mark.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { ThemeToggle } from '../../ui/theme-toggle.ts';
import { SessionActions, sessionFeature } from '../session-state.ts';

@Component({
  selector: 'hortus-sign-in',
  imports: [LeafMark, ProblemNotice, ThemeToggle],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.css',
})
export class SignIn {
  readonly #store = inject(Store);
  /** Where to go afterwards, from the address. */
  readonly return = input<string>();
  protected readonly signingIn = this.#store.selectSignal(sessionFeature.selectSigningIn);
  protected readonly notice = this.#store.selectSignal(sessionFeature.selectSignInNotice);

  protected signIn(event: Event, email: string, password: string): void {
    event.preventDefault();
    if (this.signingIn()) return;
    const credentials = { email: email.trim(), password };
    this.#store.dispatch(SessionActions.signInAsked({ credentials, returnTo: this.return() ?? '/' }));
  }
}
