import { Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TagCount } from '@hortus/contracts/tag-api';
import { Icon } from '../ui/icon.ts';
import { ProblemNotice } from '../ui/problem-notice.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import { TagRename } from './tag-rename.ts';
import { TagsStore } from './tags-store.ts';

/** As far as the api counts the artifacts of a tag. */
const COUNTED_MAX = 1000;

@Component({
  selector: 'hortus-tags-page',
  imports: [Icon, ProblemNotice, RouterLink, TagRename],
  providers: [TagsStore],
  template: `
    <nav class="way" aria-label="Way back">
      <a [routerLink]="['/w', workspace.slug, 'artifacts']"><hortus-icon name="back" />Artifacts</a>
    </nav>
    <h1>Tags</h1>
    <div class="field">
      <label for="tag-prefix">Begins with</label>
      <input
        #prefix
        id="tag-prefix"
        type="search"
        maxlength="50"
        autocomplete="off"
        (input)="store.narrow(prefix.value)"
      />
    </div>
    @if (store.notice(); as notice) {
      <hortus-problem-notice [notice]="notice" (acted)="store.load()" />
    }
    @switch (store.status()) {
      @case ('loading') {
        <div class="skeleton"></div>
      }
      @case ('ready') {
        <ul class="tags-list" aria-label="Tags">
          @for (item of store.tags(); track item.tag) {
            <li>
              <a [routerLink]="['/w', workspace.slug, 'artifacts']" [queryParams]="{ tag: item.tag }">{{ item.tag }}</a>
              <span class="leader" aria-hidden="true"></span>
              <span class="number">{{ item.count >= countedMax ? countedMax + '+' : item.count }}</span>
              <button
                type="button"
                class="button quiet small icon-only"
                [attr.aria-label]="'Rename ' + item.tag"
                [title]="'Rename ' + item.tag"
                (click)="renaming.set(item)"
              >
                <hortus-icon name="pencil" />
              </button>
            </li>
          } @empty {
            <li class="none">
              {{ store.prefix().trim() === '' ? 'No artifact has a tag yet.' : 'No tag begins with that.' }}
            </li>
          }
        </ul>
      }
    }
    @if (renaming(); as tag) {
      <hortus-tag-rename [tag]="tag" (closed)="renaming.set(null)" />
    }
  `,
  styleUrl: './tags-page.css',
})
export class TagsPage {
  protected readonly store = inject(TagsStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly renaming = signal<TagCount | null>(null);
  protected readonly countedMax = COUNTED_MAX;
}
