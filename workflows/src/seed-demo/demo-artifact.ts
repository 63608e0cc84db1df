import type { Plate } from './herbarium/plates.ts';

/** What a demo workspace shows: an artifact as a member would have described it. */
interface DemoArtifactText {
  /** Stable slug, one per workspace: seeding twice adds nothing. */
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** A picture that `renderPlate` draws. */
export interface DemoPlateArtifact extends DemoArtifactText {
  readonly plate: Plate;
}

/** A text that is written here. */
export interface DemoFileArtifact extends DemoArtifactText {
  readonly file: { readonly fileName: string; readonly contentType: string; readonly text: string };
}

/** A photograph in the folder `photographs/`; its licence is named in the LICENSES.md there. */
export interface DemoPhotographArtifact extends DemoArtifactText {
  readonly photograph: { readonly fileName: string; readonly contentType: 'image/jpeg' };
}

export type DemoArtifact = DemoPlateArtifact | DemoFileArtifact | DemoPhotographArtifact;

export interface DemoWorkspace {
  readonly slug: 'acme-corp' | 'umbrella-inc';
  readonly name: 'Acme Corp' | 'Umbrella Inc';
  readonly artifacts: readonly DemoArtifact[];
}
