import {
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  model,
  signal,
  viewChild,
  type ElementRef,
} from '@angular/core';
import type { TagCount, listTags } from '@hortus/contracts/tag-api';
import { ApiClient } from '../../api/api-client.ts';
import { Icon } from '../../ui/icon.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { addTags, parseTags } from '../tag-list.ts';

const ASK_PAUSE_MS = 150;
const SUGGESTED = 8;

interface Suggestion {
  readonly tag: string;
  readonly count: number | null;
}

let counter = 0;

/** Tags as chips, with a field that proposes those of the workspace and makes new ones. */
@Component({
  selector: 'hortus-tag-input',
  imports: [Icon],
  templateUrl: './tag-input.html',
  styleUrl: './tag-input.css',
})
export class TagInput {
  readonly #api = inject(ApiClient);
  readonly #workspaceId = inject(CURRENT_WORKSPACE).id;
  readonly label = input.required<string>();
  readonly tags = model.required<readonly string[]>();
  /** Whether a tag that nobody has used may be typed. */
  readonly makesNew = input(true);
  readonly hint = input('Enter or a comma adds one.');
  protected readonly id = `tags-${String(++counter)}`;
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  protected readonly text = signal('');
  protected readonly isOpen = signal(false);
  protected readonly active = signal(-1);
  readonly #found = signal<readonly TagCount[]>([]);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #page = new AbortController();

  protected readonly suggestions = computed<readonly Suggestion[]>(() => {
    const typed = parseTags(this.text())[0];
    const known = this.#found().filter(({ tag }) => !this.tags().includes(tag));
    const isNew = typed !== undefined && ![...this.tags(), ...this.#found().map(({ tag }) => tag)].includes(typed);
    return isNew && this.makesNew() ? [...known, { tag: typed, count: null }] : known;
  });
  protected readonly activeId = computed(() => {
    return this.isOpen() && this.active() >= 0 ? `${this.id}-option-${String(this.active())}` : null;
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
      this.#page.abort();
    });
  }

  /** Takes what stands in the field as a tag: nothing that was typed is lost. */
  commit(): readonly string[] {
    if (this.text().trim() !== '' && this.makesNew()) this.#add(parseTags(this.text()));
    return this.tags();
  }

  protected type(text: string): void {
    this.active.set(-1);
    if (text.includes(',') && this.makesNew()) {
      const parts = text.split(',');
      this.#add(parseTags(parts.slice(0, -1).join(',')));
      this.#write(parts.at(-1)?.trimStart() ?? '');
    } else this.text.set(text);
    this.#suggest(ASK_PAUSE_MS);
  }

  protected open(): void {
    this.#suggest(0);
  }

  protected close(): void {
    this.isOpen.set(false);
    this.active.set(-1);
  }

  protected step(event: Event, by: number): void {
    event.preventDefault();
    const { length } = this.suggestions();
    if (!this.isOpen()) this.#suggest(0);
    else if (length > 0)
      this.active.update((index) => (index + by + length + (index === -1 && by < 0 ? 1 : 0)) % length);
  }

  /** Enter takes the proposal or the text; only with neither it sends the form. */
  protected enter(event: Event): void {
    const chosen = this.suggestions()[this.active()];
    if (this.isOpen() && chosen !== undefined) {
      event.preventDefault();
      this.choose(chosen.tag);
    } else if (this.text().trim() !== '') {
      event.preventDefault();
      const exact = this.suggestions().find(({ tag }) => tag === parseTags(this.text())[0]);
      if (this.makesNew()) this.commit();
      else if (exact !== undefined) this.choose(exact.tag);
    }
  }

  /** Closes the proposals first, and only then what lies below. */
  protected escape(event: Event): void {
    if (!this.isOpen()) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  protected removeLast(): void {
    if (this.text() === '') this.tags.update((tags) => tags.slice(0, -1));
  }

  protected remove(tag: string): void {
    this.tags.update((tags) => tags.filter((known) => known !== tag));
    this.field().nativeElement.focus();
  }

  /** Before the field loses the focus, which would close the proposals. */
  protected point(event: Event, tag: string): void {
    event.preventDefault();
    this.choose(tag);
  }

  protected choose(tag: string): void {
    this.#add([tag]);
    this.field().nativeElement.focus();
    this.#suggest(0);
  }

  #add(tags: readonly string[]): void {
    this.tags.update((known) => addTags(known, tags));
    this.#write('');
  }

  #write(text: string): void {
    this.text.set(text);
    this.field().nativeElement.value = text;
    this.active.set(-1);
  }

  #suggest(pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pauseMs);
  }

  async #ask(): Promise<void> {
    const turn = ++this.#asked;
    const prefix = this.text().trim();
    try {
      const { items } = await this.#api.call<typeof listTags>(
        { method: 'GET', url: '/api/v1/tags' },
        { querystring: { limit: SUGGESTED + this.tags().length, ...(prefix === '' ? {} : { prefix }) } },
        { workspaceId: this.#workspaceId, signal: this.#page.signal },
      );
      if (turn !== this.#asked) return;
      this.#found.set(items);
      this.isOpen.set(document.activeElement === this.field().nativeElement);
    } catch {
      // Without proposals tags can still be typed.
    }
  }
}
