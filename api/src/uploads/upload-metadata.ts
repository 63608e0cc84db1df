import { Metadata } from '@tus/server';
import { UUID } from '../db/scope.ts';
import { ProblemError } from '@hortus/service/problem';

const NAME_LENGTH_MAX = 200;

/** What the uploader says of the bytes. */
export interface UploadMetadata {
  /** The artifact whose original they become; null: a new one. */
  readonly artifactId: string | null;
  /** What a new artifact is called. */
  readonly name: string;
  readonly declaredType: string | undefined;
}

/** The name of a file, without the folders that some programs put before it, as the name of an artifact. */
export function toArtifactName(fileName: string): string {
  const clean = fileName
    .toWellFormed()
    .replace(/^.*[/\\]/s, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return Array.from(clean).slice(0, NAME_LENGTH_MAX).join('').trim() || 'Untitled';
}

/**
 * Reads `Upload-Metadata`: `filename` and `filetype` as tus-js-client and Uppy send them, and `artifactId`. Other keys are
 * kept and not read.
 *
 * @throws ProblemError REQUEST_INVALID where it is no metadata, or `artifactId` no id
 */
export function readUploadMetadata(header: string): UploadMetadata {
  let pairs: Record<string, string | null> = {};
  try {
    if (header !== '') pairs = Metadata.parse(header);
  } catch (error) {
    const detail =
      'The header `Upload-Metadata` must be pairs of an ASCII key and a base64 value, separated by commas.';
    throw new ProblemError('REQUEST_INVALID', detail, { cause: error });
  }
  const said = (...keys: string[]) => keys.map((key) => pairs[key]).find((value) => typeof value === 'string');
  const artifactId = said('artifactId') ?? null;
  if (artifactId !== null && !UUID.test(artifactId)) {
    throw new ProblemError(
      'REQUEST_INVALID',
      '`artifactId` in `Upload-Metadata` must be the id of an artifact, a UUID.',
    );
  }
  const declaredType = said('filetype', 'contentType', 'type');
  return { artifactId, name: toArtifactName(said('filename', 'name') ?? ''), declaredType };
}
