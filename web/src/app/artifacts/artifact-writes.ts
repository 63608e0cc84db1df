import { Injectable, inject } from '@angular/core';
import type { Artifact, ArtifactPatch } from '@hortus/contracts/artifact';
import type { createArtifact, updateArtifact } from '@hortus/contracts/artifact-api';
import { ApiClient } from '../api/api-client.ts';
import { describeError, isProblem, type ErrorNotice } from '../api/problem-error.ts';
import { CURRENT_WORKSPACE } from '../workspaces/current-workspace.ts';
import type { ArtifactDraft } from './artifact-draft.ts';
import { etagOf } from './etag.ts';

/** How a change went. `stale`: someone else was faster. */
export type SaveResult =
  | { readonly outcome: 'done'; readonly artifact: Artifact }
  | { readonly outcome: 'stale'; readonly current: Artifact }
  | { readonly outcome: 'failed'; readonly notice: ErrorNotice };

/** Makes artifacts and changes what is said of them. */
@Injectable()
export class ArtifactWrites {
  readonly #api = inject(ApiClient);
  readonly #workspaceId = inject(CURRENT_WORKSPACE).id;

  /** @param seen The artifact as the person saw it when they began. */
  async save(seen: Artifact, patch: ArtifactPatch): Promise<SaveResult> {
    return this.#result(
      this.#api.call<typeof updateArtifact>(
        { method: 'PATCH', url: '/api/v1/artifacts/:id' },
        { params: { id: seen.id }, body: patch },
        { workspaceId: this.#workspaceId, ifMatch: etagOf(seen) },
      ),
    );
  }

  async create({ name, description, tags }: ArtifactDraft): Promise<SaveResult> {
    return this.#result(
      this.#api.call<typeof createArtifact>(
        { method: 'POST', url: '/api/v1/artifacts' },
        { body: { name: name.trim(), description: description.trim(), tags: [...tags] } },
        { workspaceId: this.#workspaceId },
      ),
    );
  }

  async #result(answer: Promise<Artifact>): Promise<SaveResult> {
    try {
      return { outcome: 'done', artifact: await answer };
    } catch (error) {
      if (isProblem(error, 'REVISION_STALE')) return { outcome: 'stale', current: error.problem.current as Artifact };
      return { outcome: 'failed', notice: describeError(error) };
    }
  }
}
