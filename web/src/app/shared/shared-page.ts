import { DatePipe } from '@angular/common';
import { Component, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute } from '@angular/router';
import type { Output } from '@hortus/contracts/endpoint';
import type { getShare } from '@hortus/contracts/share-api';
import { describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { request } from '../api/request.ts';
import { Icon } from '../ui/icon.ts';
import { LeafMark } from '../ui/leaf-mark.ts';
import { ProblemNotice } from '../ui/problem-notice.ts';
import { ThemeToggle } from '../ui/theme-toggle.ts';

type Share = Output<typeof getShare>;

/** What a share link shows, to whoever has it. The secret stands behind the #, so that it reaches no log. */
@Component({
  selector: 'hortus-shared-page',
  imports: [DatePipe, Icon, LeafMark, ProblemNotice, ThemeToggle],
  templateUrl: './shared-page.html',
  styleUrl: './shared-page.css',
})
export class SharedPage {
  readonly #token = toSignal(inject(ActivatedRoute).fragment);
  protected readonly share = signal<Share | null>(null);
  protected readonly ended = signal(false);
  protected readonly notice = signal<ErrorNotice | null>(null);

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.notice.set(null);
    const token = this.#token() ?? '';
    if (token === '') {
      this.ended.set(true);
      return;
    }
    try {
      this.share.set(
        await request<typeof getShare>({ method: 'GET', url: '/api/v1/shares/:token' }, { params: { token } }),
      );
    } catch (error) {
      if (isProblem(error, 'SHARE_NOT_FOUND', 'NOT_FOUND', 'REQUEST_INVALID')) this.ended.set(true);
      else this.notice.set(describeError(error));
    }
  }

  protected smallest(artifact: Share['artifacts'][number]): string {
    return artifact.variants.find(({ format }) => format === 'webp')?.url ?? artifact.variants[0]?.url ?? '';
  }
}
