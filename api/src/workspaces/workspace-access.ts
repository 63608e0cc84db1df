import type { Knex } from 'knex';
import type { Role } from '@hortus/contracts/workspace';
import { ProblemError } from '@hortus/service/problem';
import type { KnownBy } from '../audit/audit-repo.ts';
import { LOCKED_BY, decideField } from '../declarations/field-policy.ts';
import { findRole, lockMembers } from './member-repo.ts';
import type { Decision, WorkspaceOperation } from './workspace-policy.ts';
import { findManagedBy } from './workspace-repo.ts';

/** Somebody in a workspace. */
export interface Whoever {
  readonly workspaceId: string;
  readonly userId: string;
}

/**
 * Who acts, where, and known by what. The role is read anew wherever it decides, since it may have changed since the request
 * began.
 */
export interface Actor extends Whoever {
  readonly by: KnownBy;
}

const REFUSALS = {
  ROLE_TOO_LOW: 'Ask an owner of the workspace.',
  LAST_OWNER: 'Make another member an owner first.',
} as const;

/** @throws ProblemError with what the policy refuses */
export function assertAllowed(decision: Decision): void {
  if (decision !== null) throw new ProblemError(decision, REFUSALS[decision]);
}

/** The same for an id that never was, a workspace of others, and one that is deleted. */
export function workspaceNotFound(): ProblemError {
  return new ProblemError('WORKSPACE_NOT_FOUND', 'There is no workspace of this id that you are a member of.');
}

export function suspended(): ProblemError {
  const detail = 'Whoever runs this Hortus has put it to rest. Ask them to end that; until then, read.';
  return new ProblemError('WORKSPACE_SUSPENDED', detail);
}

export function limitReached(max: number, things: string, remedy: string): ProblemError {
  return new ProblemError('LIMIT_REACHED', `There can be ${String(max)} ${things}. ${remedy}`);
}

/**
 * The role of the actor, which nobody changes until the transaction ends. Needs the scope `workspaceId`.
 *
 * @throws ProblemError WORKSPACE_NOT_FOUND where the actor is no member any more, or the workspace is deleted
 */
export async function lockRole(tx: Knex.Transaction, { workspaceId, userId }: Whoever): Promise<Role> {
  const role = (await lockMembers(tx, workspaceId)) ? await findRole(tx, workspaceId, userId) : undefined;
  if (role === undefined) throw workspaceNotFound();
  return role;
}

/**
 * Whether the browser decides what the operation changes. Needs the scope `workspaceId`, and the members locked.
 *
 * @throws ProblemError FIELD_MANAGED where the resource does that declares the workspace
 */
export async function assertUndeclared(
  tx: Knex.Transaction,
  workspaceId: string,
  operation: WorkspaceOperation,
): Promise<void> {
  const field = LOCKED_BY[operation];
  const sentence = field === undefined ? null : decideField(field, await findManagedBy(tx, workspaceId));
  if (sentence !== null) throw new ProblemError('FIELD_MANAGED', sentence);
}
