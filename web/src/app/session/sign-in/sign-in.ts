import { Component, computed, inject, input } from '@angular/core';
import { ActivatedRoute } from '@angular/router';
import { Store } from '@ngrx/store';
import type { ErrorNotice } from '../../api/problem-error.ts';
import { LeafMark } from '../../ui/leaf-mark.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { ThemeToggle } from '../../ui/theme-toggle.ts';
import { SessionActions, sessionFeature } from '../session-state.ts';

const PROVIDER_NOTICE: ErrorNotice = {
  sentence: 'Signing in at the provider did not work. Try again, or sign in another way.',
  requestId: null,
  code: null,
};

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
  /** Why signing in at a provider failed, as a code of the api, from the address. */
  readonly problem = input<string>();
  protected readonly challenge = this.#store.selectSignal(sessionFeature.selectChallenge);
  readonly #failure = this.#store.selectSignal(sessionFeature.selectSignInNotice);
  protected readonly notice = computed(() => {
    const isOfProvider = this.problem() !== undefined && this.challenge() === null;
    return this.#failure() ?? (isOfProvider ? PROVIDER_NOTICE : null);
  });

  constructor() {
    // A provider has vouched for the person, and the api asks for the second factor.
    const challenge = inject(ActivatedRoute).snapshot.fragment?.match(/^challenge=([\w-]+)$/)?.[1];
    if (challenge !== undefined) this.#store.dispatch(SessionActions.codeAsked({ challenge }));
  }

  protected signIn(event: Event, email: string, password: string): void {
    event.preventDefault();
    if (this.signingIn()) return;
    const credentials = { email: email.trim(), password };
    this.#store.dispatch(SessionActions.signInAsked({ credentials, returnTo: this.return() ?? '/' }));
  }

  protected giveCode(event: Event, code: string, challenge: string): void {
    event.preventDefault();
    if (this.signingIn()) return;
    this.#store.dispatch(SessionActions.codeGiven({ code: code.trim(), challenge, returnTo: this.return() ?? '/' }));
  }

  protected beginAnew(): void {
    this.#store.dispatch(SessionActions.signInBegunAnew());
  }
}
