import type { Knex } from 'knex';
import type {
  DeclarationPlan,
  DeclaredWorkspace,
  RemovalState,
  UndeclaredWorkspace,
  WorkspaceDeclaration,
} from '@hortus/contracts/workspace-resource-api';
import { ProblemError } from '@hortus/service/problem';
import { appendAudit, appendAudits } from '../audit/audit-repo.ts';
import { findUserByEmail } from '../auth/user-repo.ts';
import { withScope, withWorkspace } from '../db/scope.ts';
import type { MailSettings } from '../mail/mail-settings.ts';
import { findReceipt } from '../workspaces/removal-repo.ts';
import { isReservedSlug } from '../workspaces/slug.ts';
import { insertWorkspaceIfFree } from '../workspaces/workspace-repo.ts';
import { applyChange } from './apply-change.ts';
import * as repo from './declaration-repo.ts';
import { describeChange, planDeclaration, unborn, type Change, type Standing } from './plan-declaration.ts';

export interface DeclarationDependencies {
  readonly knex: Knex;
  readonly mail: MailSettings;
}

/** A declaration of the workspace of this id. */
export interface Declared {
  readonly workspaceId: string;
  readonly declaration: WorkspaceDeclaration;
}

function assertOwn(standing: Standing, resource: string): void {
  if (standing.resource === null || standing.resource === resource) return;
  const detail = `The workspace ${standing.slug} is declared by the Workspace resource ${standing.resource}, and by no other. Delete one of the two.`; // prettier-ignore
  throw new ProblemError('WORKSPACE_DECLARED_ELSEWHERE', detail);
}

function assertForm({ members }: WorkspaceDeclaration): void {
  if (members === undefined) return;
  if (new Set(members.map(({ email }) => email.toLowerCase())).size < members.length) {
    throw new ProblemError('REQUEST_INVALID', 'A member is named twice. Name each once.');
  }
  if (!members.some(({ role }) => role === 'owner')) {
    throw new ProblemError('REQUEST_INVALID', 'Nobody is an owner. Give at least one member the role owner.');
  }
}

/** Whom the declaration names and who is no member yet, as far as they have an account. */
async function findAccounts(
  knex: Knex,
  standing: Standing,
  { members = [] }: WorkspaceDeclaration,
): Promise<Map<string, string>> {
  const known = new Set(standing.people.filter((person) => 'userId' in person).map(({ email }) => email));
  const accounts = new Map<string, string>();
  for (const { email } of members.filter((member) => !known.has(member.email))) {
    const user = await withScope(knex, { email }, (tx) => findUserByEmail(tx, email));
    if (user !== undefined) accounts.set(email, user.id);
  }
  return accounts;
}

/** @throws ProblemError where the workspace can't be declared like this */
function assertDeclarable(state: repo.WorkspaceState, { resource, slug }: WorkspaceDeclaration): void {
  assertOwn(state, resource);
  if (state.isBeingRemoved) {
    throw new ProblemError('REMOVAL_UNDER_WAY', 'Wait until it is finished; the id may be declared again then.');
  }
  if (state.slug !== slug) {
    throw new ProblemError('SLUG_FIXED', `The workspace has the slug ${state.slug}, which stays. Declare that one.`);
  }
}

function assertBearable({ slug, members }: WorkspaceDeclaration): void {
  if (isReservedSlug(slug)) throw new ProblemError('SLUG_RESERVED', `${slug} can't be a slug. Choose another one.`);
  if (members === undefined) {
    throw new ProblemError('REQUEST_INVALID', 'There is no such workspace yet. Declare members, with an owner.');
  }
}

function slugTaken(slug: string): ProblemError {
  const detail = `Another workspace has the slug ${slug}. Choose another slug, or declare that workspace by its id.`;
  return new ProblemError('SLUG_TAKEN', detail);
}

const lower = (declaration: WorkspaceDeclaration): WorkspaceDeclaration => {
  const { members } = declaration;
  if (members === undefined) return declaration;
  return { ...declaration, members: members.map(({ email, role }) => ({ email: email.toLowerCase(), role })) };
};

const toDeclared = (id: string, state: Standing): DeclaredWorkspace => ({
  id,
  slug: state.slug,
  name: state.name,
  resource: state.resource,
  members: state.people
    .map((person) => ({ email: person.email, role: person.role, isInvited: !('userId' in person) }))
    .sort((a, b) => (a.email < b.email ? -1 : 1)),
  quota: state.quota,
  isSuspended: state.isSuspended,
  isDeleted: state.isDeleted,
});

/** The workspace as it stands now, made where there is none. Needs the scope `workspaceId`. */
async function lockOrMake(
  tx: Knex.Transaction,
  { workspaceId: id, declaration }: Declared,
): Promise<[Standing, boolean]> {
  const locked = await repo.findState(tx, id, { isLocked: true });
  if (locked !== undefined) {
    assertDeclarable(locked, declaration);
    return [locked, false];
  }
  assertBearable(declaration);
  const standing = unborn(declaration);
  if (await insertWorkspaceIfFree(tx, { id, slug: standing.slug, name: standing.name })) return [standing, true];
  // Another call of the same made it in this moment, or the slug is another's.
  const other = await repo.findState(tx, id, { isLocked: true });
  if (other === undefined) throw slugTaken(declaration.slug);
  assertDeclarable(other, declaration);
  return [other, false];
}

/**
 * Makes or changes the workspace as declared; writes nothing where it is so already.
 *
 * @throws ProblemError WORKSPACE_DECLARED_ELSEWHERE, SLUG_FIXED, REMOVAL_UNDER_WAY, SLUG_TAKEN, SLUG_RESERVED, REQUEST_INVALID
 */
export async function declareWorkspace(
  { knex, mail }: DeclarationDependencies,
  { workspaceId, declaration: given }: Declared,
): Promise<DeclaredWorkspace> {
  const declaration = lower(given);
  assertForm(declaration);
  const seen = await withWorkspace(knex, workspaceId, (tx) => repo.findState(tx, workspaceId, { isLocked: false }));
  const accounts = await findAccounts(knex, seen ?? unborn(declaration), declaration);
  if (seen !== undefined) {
    assertDeclarable(seen, declaration);
    if (planDeclaration(seen, declaration, accounts).length === 0) return toDeclared(workspaceId, seen);
  }
  return withWorkspace(knex, workspaceId, async (tx) => {
    const [standing, isNew] = await lockOrMake(tx, { workspaceId, declaration });
    const actor = { fieldManager: declaration.manager };
    if (isNew) {
      const { slug, name } = standing;
      await appendAudit(tx, { workspaceId, actor, action: 'workspace.created', after: { name, slug } });
    }
    const audited = [];
    for (const change of planDeclaration(standing, declaration, accounts)) {
      audited.push(
        ...(await applyChange(tx, { workspaceId, declaration, mail, workspaceName: standing.name }, change)),
      );
    }
    if (audited.length > 0) await appendAudits(tx, audited);
    const state = await repo.findState(tx, workspaceId, { isLocked: false });
    if (state === undefined) throw new Error('a workspace that was declared is there');
    return toDeclared(workspaceId, state);
  });
}

/** @throws ProblemError as `declareWorkspace` */
export async function planWorkspace(
  { knex }: DeclarationDependencies,
  { workspaceId, declaration: given }: Declared,
): Promise<DeclarationPlan> {
  const declaration = lower(given);
  assertForm(declaration);
  const seen = await withWorkspace(knex, workspaceId, (tx) => repo.findState(tx, workspaceId, { isLocked: false }));
  if (seen === undefined) assertBearable(declaration);
  else assertDeclarable(seen, declaration);
  const standing = seen ?? unborn(declaration);
  const accounts = await findAccounts(knex, standing, declaration);
  const changes: Change[] = planDeclaration(standing, declaration, accounts);
  return { isNew: seen === undefined, changes: changes.flatMap(describeChange) };
}

/** @throws ProblemError WORKSPACE_NOT_FOUND */
export async function readDeclared({ knex }: DeclarationDependencies, workspaceId: string): Promise<DeclaredWorkspace> {
  const state = await withWorkspace(knex, workspaceId, (tx) => repo.findState(tx, workspaceId, { isLocked: false }));
  if (state === undefined) throw new ProblemError('WORKSPACE_NOT_FOUND', 'There is no workspace of this id.');
  return toDeclared(workspaceId, state);
}

/** @throws ProblemError WORKSPACE_DECLARED_ELSEWHERE where another resource declares it */
export async function releaseWorkspace(
  { knex }: DeclarationDependencies,
  workspaceId: string,
  resource: string,
): Promise<void> {
  await withWorkspace(knex, workspaceId, async (tx) => {
    const state = await repo.findState(tx, workspaceId, { isLocked: true });
    if (state === undefined || state.resource === null) return;
    assertOwn(state, resource);
    await repo.setDeclarer(tx, workspaceId, { resource: null, manager: '', fields: [] });
    if (state.isSuspended) await repo.setSuspended(tx, workspaceId, false);
    const actor = { fieldManager: state.manager };
    await appendAudit(tx, { workspaceId, actor, action: 'workspace.released', before: { resource } });
  });
}

/** Needs the scope `workspaceId`. */
async function findRemoval(tx: Knex.Transaction, workspaceId: string): Promise<RemovalState> {
  const isThere = (await repo.findState(tx, workspaceId, { isLocked: false })) !== undefined;
  const receipt = (await findReceipt(tx, workspaceId)) ?? null;
  // The receipt of an earlier life says nothing of the one that is there.
  if (isThere && (receipt?.finishedAt ?? null) !== null) return { isDone: false, receipt: null };
  return { isDone: !isThere && receipt?.finishedAt !== null, receipt };
}

export async function readRemoval({ knex }: DeclarationDependencies, workspaceId: string): Promise<RemovalState> {
  return withWorkspace(knex, workspaceId, (tx) => findRemoval(tx, workspaceId));
}

/** @throws ProblemError WORKSPACE_DECLARED_ELSEWHERE, WORKSPACE_NOT_DECLARED where it is not this resource that declares it */
export async function requestRemoval(
  { knex }: DeclarationDependencies,
  workspaceId: string,
  resource: string,
): Promise<RemovalState> {
  return withWorkspace(knex, workspaceId, async (tx) => {
    const state = await repo.findState(tx, workspaceId, { isLocked: true });
    if (state !== undefined && !state.isBeingRemoved) {
      assertOwn(state, resource);
      if (state.resource === null) {
        const detail = `No resource declares the workspace ${state.slug}, so none removes it. An owner deletes it in the browser.`; // prettier-ignore
        throw new ProblemError('WORKSPACE_NOT_DECLARED', detail); // prettier-ignore
      }
      await repo.markForRemoval(tx, workspaceId);
      const actor = { fieldManager: state.manager };
      await appendAudit(tx, { workspaceId, actor, action: 'workspace.deleted' });
    }
    return findRemoval(tx, workspaceId);
  });
}

/** One more than `limit` when there is a next page. */
export async function listUndeclared(
  { knex }: DeclarationDependencies,
  page: { limit: number; after: string | null },
): Promise<UndeclaredWorkspace[]> {
  const ids = await withScope(knex, { instance: true }, (tx) => repo.listUndeclaredIds(tx, page));
  const found: UndeclaredWorkspace[] = [];
  for (const id of ids) {
    const workspace = await withWorkspace(knex, id, (tx) => repo.findUndeclared(tx, id));
    if (workspace !== undefined) found.push(workspace);
  }
  return found;
}
