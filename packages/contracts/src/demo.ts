/** The demo: what `npm start` seeds once. Types and plain constants only, as workflow code imports them. */
export const SEED_DEMO_WORKFLOW_ID = 'seed-demo';

/** Temporal query that answers {@link SeedDemoProgress}. */
export const SEED_DEMO_PROGRESS_QUERY = 'progress';

export interface SeedDemoInput {
  /** Seed even where the instance has other workspaces. Default false: such a database is refused. */
  readonly besideOthers?: boolean;
}

export interface SeedDemoProgress {
  readonly done: number;
  readonly total: number;
  /** Artifacts that stood already. */
  readonly unchanged: number;
}

/** The people of the demo. All have the same password, the api's `HORTUS_DEMO_PASSWORD`. */
export const DEMO_PEOPLE = [
  { email: 'owner@acme.com', displayName: 'Ada Moreau', workspaceSlug: 'acme-corp', role: 'owner' },
  { email: 'member@acme.com', displayName: 'Tomás Lindqvist', workspaceSlug: 'acme-corp', role: 'member' },
  { email: 'admin@umbrella.com', displayName: 'Ines Okafor', workspaceSlug: 'umbrella-inc', role: 'admin' },
] as const;

export const DEMO_WORKSPACES = [
  { slug: 'acme-corp', name: 'Acme Corp' },
  { slug: 'umbrella-inc', name: 'Umbrella Inc' },
] as const;
export type DemoWorkspaceSlug = (typeof DEMO_WORKSPACES)[number]['slug'];
