import { DatePipe } from '@angular/common';
import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { Artifact } from '@hortus/contracts/artifact';
import { describeError, type ErrorNotice } from '../../api/problem-error.ts';
import { formatBytes } from '../../ui/byte-size.ts';
import { Icon } from '../../ui/icon.ts';
import { NotFound } from '../../ui/not-found.ts';
import { PageTitle } from '../../ui/page-title.ts';
import { placeholderUrl } from '../../ui/placeholder-url.ts';
import { ProblemNotice } from '../../ui/problem-notice.ts';
import { shortcut } from '../../ui/shortcuts.ts';
import { CURRENT_WORKSPACE } from '../../workspaces/current-workspace.ts';
import { ArtifactDelete } from '../artifact-delete/artifact-delete.ts';
import { ArtifactEdit } from '../artifact-edit/artifact-edit.ts';
import { ArtifactPicture } from '../artifact-picture/artifact-picture.ts';
import { STATUS_WORDS } from '../artifact-words.ts';
import { ArtifactShare } from '../artifact-share/artifact-share.ts';
import { ArtifactStore } from '../artifact-store.ts';
import { ArtifactVersions } from '../artifact-versions/artifact-versions.ts';
import { ArtifactsStore } from '../artifacts-store.ts';
import { VARIANT_FORMAT_NAMES } from '../format-names.ts';
import { GardenStem } from '../garden-stem/garden-stem.ts';
import { originalName } from '../original-name.ts';
import { shownVariant } from '../picture-sources.ts';
import { UploadsStore } from '../uploads-store.ts';
import { VariantPanel } from '../variant-panel/variant-panel.ts';
import { gardenProgress, savedPercent } from '../variant-table.ts';

@Component({
  selector: 'hortus-artifact-page',
  imports: [
    ArtifactDelete,
    ArtifactEdit,
    ArtifactPicture,
    ArtifactShare,
    ArtifactVersions,
    DatePipe,
    GardenStem,
    Icon,
    NotFound,
    ProblemNotice,
    RouterLink,
    VariantPanel,
  ],
  providers: [ArtifactStore],
  templateUrl: './artifact-page.html',
  styleUrl: './artifact-page.css',
})
export class ArtifactPage {
  readonly #router = inject(Router);
  readonly #title = inject(PageTitle);
  readonly #list = inject(ArtifactsStore);
  readonly #uploads = inject(UploadsStore);
  readonly id = input.required<string>();

  protected readonly store = inject(ArtifactStore);
  protected readonly workspace = inject(CURRENT_WORKSPACE);
  protected readonly artifact = this.store.artifact;
  protected readonly manifest = this.store.manifest;
  /** The artifact as it was when editing began; null while nobody edits. */
  protected readonly editing = signal<Artifact | null>(null);
  protected readonly deleting = signal(false);
  protected readonly sharing = signal(false);
  protected readonly downloading = signal(false);
  protected readonly downloadNotice = signal<ErrorNotice | null>(null);
  /** The address of the picture on the screen. */
  protected readonly showing = linkedSignal({ source: () => this.id(), computation: () => '' });

  protected readonly statusWord = computed(() => STATUS_WORDS[this.artifact()?.status ?? 'empty']);
  protected readonly progress = computed(() => {
    const manifest = this.manifest();
    return manifest === null ? null : gardenProgress(manifest);
  });
  protected readonly shown = computed(() => shownVariant(this.manifest()?.variants ?? [], this.showing()));
  protected readonly saving = computed(() => {
    const manifest = this.manifest();
    const shown = this.shown();
    if (manifest === null || shown === null || manifest.originalSizeBytes === 0) return null;
    return {
      before: formatBytes(manifest.originalSizeBytes),
      after: formatBytes(shown.sizeBytes),
      percent: savedPercent(manifest.originalSizeBytes, shown.sizeBytes),
      share: Math.min(1, shown.sizeBytes / manifest.originalSizeBytes),
      format: VARIANT_FORMAT_NAMES[shown.format],
      widthPx: shown.widthPx,
    };
  });
  protected readonly formatBytes = formatBytes;
  /** The picture as this browser has it, when it was uploaded here. */
  protected readonly preview = computed(() => this.#uploads.previews().get(this.id()) ?? null);
  readonly #thumbhash = computed(() => this.artifact()?.picture?.placeholder.thumbhash ?? null);
  protected readonly placeholder = computed(() => {
    const thumbhash = this.#thumbhash();
    return this.preview()?.url ?? (thumbhash === null ? null : placeholderUrl(thumbhash));
  });
  /** The shape of the picture, as soon as anybody knows it. */
  protected readonly shape = computed(() => {
    const artifact = this.artifact();
    return artifact?.picture ?? (artifact?.status === 'failed' ? null : this.preview());
  });

  constructor() {
    shortcut({
      key: 'e',
      label: 'Edit this artifact',
      run: () => {
        this.editing.set(this.artifact());
      },
    });
    // The address names the artifact; another id makes another page (see PerAddressReuse), so this runs once.
    effect(() => {
      const id = this.id();
      untracked(() => void this.store.open(id, this.#list.entityMap()[id] ?? null));
    });
    effect(() => {
      const artifact = this.artifact();
      if (artifact !== null) this.#title.show(artifact.name);
    });
  }

  protected leave(): void {
    this.#list.forget([this.id()]);
    void this.#router.navigate(['/w', this.workspace.slug, 'artifacts'], {
      queryParamsHandling: 'preserve',
      replaceUrl: true,
    });
  }

  protected async download(artifact: Artifact): Promise<void> {
    if (this.downloading()) return;
    this.downloading.set(true);
    this.downloadNotice.set(null);
    try {
      const url = URL.createObjectURL(await this.store.readOriginal());
      const link = document.createElement('a');
      link.href = url;
      link.download = originalName(artifact.name, artifact.original?.contentType ?? '');
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      this.downloadNotice.set(describeError(error));
    } finally {
      this.downloading.set(false);
    }
  }
}
