import { ACME_ARTIFACTS } from './acme-corp.ts';
import type { DemoWorkspace } from './demo-artifact.ts';
import { UMBRELLA_ARTIFACTS } from './umbrella-inc.ts';

/** The two workspaces of the demo: the picture library of a seed house, and a research herbarium. */
export const DEMO_WORKSPACES: readonly DemoWorkspace[] = [
  { slug: 'acme-corp', name: 'Acme Corp', artifacts: ACME_ARTIFACTS },
  { slug: 'umbrella-inc', name: 'Umbrella Inc', artifacts: UMBRELLA_ARTIFACTS },
];
