import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { DEMO_PEOPLE, DEMO_WORKSPACES, type DemoWorkspaceSlug } from '@hortus/contracts/demo';
import { PRIORITIES } from '@hortus/contracts/gardener';
import type { DemoArtifact } from '@hortus/contracts/internal-api';
import { REMOVAL_BATCH_ROWS } from '@hortus/contracts/removal-api';
import { ProblemError } from '@hortus/service/problem';
import { countArtifacts, insertArtifact, listDemoKeys } from '../artifacts/artifact-repo.ts';
import { applyOriginal } from '../artifacts/original-service.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { deleteUser, findUserByEmail, insertUser } from '../auth/user-repo.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import { beginDemoRemoval, removeRows } from '../workspaces/removal-repo.ts';
import { insertMembership, insertWorkspace, listInstanceWorkspaces } from '../workspaces/workspace-repo.ts';

export interface DemoDependencies {
  readonly knex: Knex;
  readonly hasher: PasswordHasher;
  readonly demoPassword: string | undefined;
}

export interface DemoWorkspace {
  readonly id: string;
  readonly slug: DemoWorkspaceSlug;
}

function demoSlug(slug: string): DemoWorkspaceSlug | undefined {
  return DEMO_WORKSPACES.find((demo) => demo.slug === slug)?.slug;
}

async function listDemoWorkspaces(knex: Knex): Promise<{ demo: DemoWorkspace[]; others: string[] }> {
  const all = await withScope(knex, { instance: true }, listInstanceWorkspaces);
  const demo = all.flatMap(({ id, slug, isDemo }) => {
    const known = isDemo ? demoSlug(slug) : undefined;
    return known === undefined ? [] : [{ id, slug: known }];
  });
  return {
    demo,
    others: all.filter(({ id }) => !demo.some((workspace) => workspace.id === id)).map(({ slug }) => slug),
  };
}

async function ensurePerson(
  { knex, hasher }: DemoDependencies,
  person: { email: string; displayName: string; password: string },
): Promise<string> {
  const { email, displayName, password } = person;
  const known = await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
  if (known !== undefined) {
    if (known.isDemo) return known.id;
    throw new ProblemError('DEMO_REFUSED', `${email} has an account here that is not of the demo; it is left alone.`);
  }
  const id = randomUUID();
  const passwordHash = await hasher.hash(password);
  await withScope(knex, { userId: id }, (tx) => insertUser(tx, { id, email, displayName, passwordHash, isDemo: true }));
  return id;
}

/**
 * Makes the workspaces and people of the demo, where they do not stand already.
 *
 * @throws ProblemError DEMO_REFUSED beside other workspaces, unless `besideOthers`, or when no password is configured
 */
export async function ensureDemo(
  dependencies: DemoDependencies,
  options: { besideOthers: boolean },
): Promise<DemoWorkspace[]> {
  const { knex, demoPassword } = dependencies;
  if (demoPassword === undefined) {
    throw new ProblemError('DEMO_REFUSED', "Set the api's HORTUS_DEMO_PASSWORD first; the people of the demo get it.");
  }
  const { demo, others } = await listDemoWorkspaces(knex);
  if (others.length > 0 && !options.besideOthers) {
    const named = others.slice(0, 3).join(', ');
    const detail = `This instance has other workspaces (${named}). Seed the demo with --beside-others if you mean it.`;
    throw new ProblemError('DEMO_REFUSED', detail);
  }
  const taken = others.find((slug) => demoSlug(slug) !== undefined);
  if (taken !== undefined) {
    throw new ProblemError('DEMO_REFUSED', `The workspace ${taken} here is not of the demo; it is left alone.`);
  }
  const workspaces: DemoWorkspace[] = [];
  for (const { slug, name } of DEMO_WORKSPACES) {
    const known = demo.find((workspace) => workspace.slug === slug);
    const id = known?.id ?? randomUUID();
    if (known === undefined) {
      await withWorkspace(knex, id, (tx) => insertWorkspace(tx, { id, slug, name, isDemo: true }));
    }
    workspaces.push({ id, slug });
    for (const { email, displayName, role, workspaceSlug } of DEMO_PEOPLE) {
      if (workspaceSlug !== slug) continue;
      const userId = await ensurePerson(dependencies, { email, displayName, password: demoPassword });
      await withWorkspace(knex, id, (tx) => insertMembership(tx, { workspaceId: id, userId, role }));
    }
  }
  return workspaces;
}

/** @throws ProblemError WORKSPACE_NOT_FOUND when it is no workspace of the demo */
export async function assertDemoWorkspace(knex: Knex, workspaceId: string): Promise<void> {
  const { demo } = await listDemoWorkspaces(knex);
  if (!demo.some(({ id }) => id === workspaceId)) {
    throw new ProblemError('WORKSPACE_NOT_FOUND', 'It is no workspace of the demo.');
  }
}

/** @returns false when it was made before, even if somebody deleted it since */
export async function ensureDemoArtifact(knex: Knex, workspaceId: string, demo: DemoArtifact): Promise<boolean> {
  const { key, artifact, original } = demo;
  return withWorkspace(knex, workspaceId, async (tx) => {
    const lock = createHash('sha256').update(`${workspaceId} ${key}`).digest().readBigInt64BE().toString();
    await tx.raw('select pg_advisory_xact_lock(?::bigint)', [lock]);
    if ((await listDemoKeys(tx)).includes(key)) return false;
    const { id } = await insertArtifact(tx, workspaceId, { ...artifact, demoKey: key });
    const isPicture = original.contentType.startsWith('image/');
    await applyOriginal(tx, {
      workspaceId,
      artifactId: id,
      actor: 'hortus',
      state: {
        kind: isPicture ? 'picture' : 'file',
        status: isPicture ? 'gardening' : 'ready',
        failure: null,
        contentType: original.contentType,
      },
      sizeBytes: original.sizeBytes,
      sha256: original.sha256,
      priorityKey: PRIORITIES.seed,
    });
    return true;
  });
}

/** Deletes the workspaces and people of the demo with all that is in them. */
export async function removeDemo(knex: Knex): Promise<{ workspaces: number; artifacts: number }> {
  const { demo } = await listDemoWorkspaces(knex);
  let artifacts = 0;
  for (const { id } of demo) {
    artifacts += await withWorkspace(knex, id, async (tx) => {
      const count = await countArtifacts(tx);
      await beginDemoRemoval(tx, id);
      return count;
    });
    const removeSome = () => withWorkspace(knex, id, (tx) => removeRows(tx, REMOVAL_BATCH_ROWS));
    while ((await removeSome()) === REMOVAL_BATCH_ROWS);
  }
  for (const { email } of DEMO_PEOPLE) {
    const user = await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
    if (user?.isDemo) await withScope(knex, { userId: user.id }, (tx) => deleteUser(tx, user.id));
  }
  return { workspaces: demo.length, artifacts };
}
