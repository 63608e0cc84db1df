import { DatePipe } from '@angular/common';
import { Component, DestroyRef, inject, input, output, signal, type OnInit } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Artifact } from '@hortus/contracts/artifact';
import type { ShareLink, createShareLink, listShareLinks, revokeShareLink } from '@hortus/contracts/share-api';
import { Actions, ofType } from '@ngrx/effects';
import { filter } from 'rxjs';
import { ApiClient } from '../../api/api-client.ts';
import { describeError, isProblem, type ErrorNotice } from '../../api/problem-error.ts';
import { LiveActions } from '../../session/live-state.ts';
import { Icon } from '../../ui/icon.ts';
import { Modal } from '../../ui/modal/modal.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';

const LIFETIMES = [
  { days: 1, words: 'a day' },
  { days: 7, words: 'a week' },
  { days: 30, words: 'a month' },
  { days: 366, words: 'a year' },
] as const;
const LINKS_SHOWN = 50;

/** Links by which anybody may see an artifact: make one, copy it, revoke those that work. */
@Component({
  selector: 'hortus-artifact-share',
  imports: [DatePipe, Icon, Modal, ProblemNotice],
  templateUrl: './artifact-share.html',
  styleUrl: './artifact-share.css',
})
export class ArtifactShare implements OnInit {
  readonly #api = inject(ApiClient);
  readonly #page = new AbortController();
  readonly #options = { workspaceId: inject(CURRENT_WORKSPACE).id, signal: this.#page.signal };
  readonly artifact = input.required<Artifact>();
  readonly closed = output();
  protected readonly lifetimes = LIFETIMES;
  protected readonly days = signal<number>(7);
  protected readonly withOriginals = signal(false);
  protected readonly links = signal<readonly ShareLink[]>([]);
  /** The link that was made last: its secret is told once. */
  protected readonly made = signal<{ readonly id: string; readonly address: string } | null>(null);
  protected readonly copied = signal(false);
  protected readonly busy = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);

  constructor() {
    inject(Actions)
      .pipe(
        ofType(LiveActions.received),
        filter(
          ({ workspaceId, event }) =>
            workspaceId === this.#options.workspaceId && event.type === 'workspace.changed' && event.part === 'shares',
        ),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.load());
    inject(DestroyRef).onDestroy(() => {
      this.#page.abort();
    });
  }

  ngOnInit(): void {
    void this.load();
  }

  protected async load(): Promise<void> {
    await this.#try(async () => {
      const { items } = await this.#api.call<typeof listShareLinks>(
        { method: 'GET', url: '/api/v1/share-links' },
        { querystring: { artifact: this.artifact().id, limit: LINKS_SHOWN } },
        this.#options,
      );
      this.links.set(items);
    });
  }

  protected async make(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    await this.#try(async () => {
      const { token, shareLink } = await this.#api.call<typeof createShareLink>(
        { method: 'POST', url: '/api/v1/share-links' },
        {
          body: {
            artifactIds: [this.artifact().id],
            expiresInDays: this.days(),
            withOriginals: this.withOriginals(),
          },
        },
        this.#options,
      );
      // Behind the #, which no server and no log ever sees.
      this.made.set({ id: shareLink.id, address: `${location.origin}/s#${token}` });
      this.links.update((links) => [shareLink, ...links.filter(({ id }) => id !== shareLink.id)]);
    });
    this.busy.set(false);
    if (this.made() !== null) await this.copy();
  }

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.made()?.address ?? '');
      this.copied.set(true);
    } catch {
      // The browser does not let us: the address stands there to be copied by hand.
      this.copied.set(false);
    }
  }

  protected async revoke(link: ShareLink): Promise<void> {
    const before = this.links();
    this.links.set(before.filter(({ id }) => id !== link.id));
    if (this.made()?.id === link.id) this.made.set(null);
    try {
      await this.#api.call<typeof revokeShareLink>(
        { method: 'DELETE', url: '/api/v1/share-links/:id' },
        { params: { id: link.id } },
        this.#options,
      );
    } catch (error) {
      if (isProblem(error, 'SHARE_NOT_FOUND') || this.#page.signal.aborted) return;
      this.links.set(before);
      this.notice.set(describeError(error));
    }
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.notice.set(null);
    } catch (error) {
      if (!this.#page.signal.aborted) this.notice.set(describeError(error));
    }
  }
}
