import type { ArtifactKind, ArtifactStatus } from '@hortus/contracts/artifact';
import type { ArtifactSort } from '@hortus/contracts/artifact-api';

export const STATUS_WORDS: Readonly<Record<ArtifactStatus, string>> = {
  empty: 'No file yet',
  gardening: 'Gardening',
  ready: 'Ready',
  failed: 'Failed',
};

export const KIND_WORDS: Readonly<Record<ArtifactKind, string>> = { picture: 'Pictures', file: 'Other files' };

export const SORT_WORDS: Readonly<Record<ArtifactSort, string>> = {
  relevance: 'Best match',
  newest: 'Newest first',
  oldest: 'Oldest first',
  name: 'By name',
};
