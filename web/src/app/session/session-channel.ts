import { Service } from '@angular/core';

/** What tabs tell each other of the session. Never a token: each tab gets its own by the cookie. */
export type SessionMessage = { readonly type: 'signed-out' } | { readonly type: 'signed-in'; readonly userId: string };

@Service()
export class SessionChannel {
  readonly #channel = new BroadcastChannel('hortus-session');

  post(message: SessionMessage): void {
    this.#channel.postMessage(message);
  }

  listen(listener: (message: SessionMessage) => void): () => void {
    const onMessage = (event: MessageEvent<SessionMessage>): void => {
      listener(event.data);
    };
    this.#channel.addEventListener('message', onMessage);
    return () => {
      this.#channel.removeEventListener('message', onMessage);
    };
  }
}
