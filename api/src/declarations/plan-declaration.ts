import type { Quota } from '@hortus/contracts/quota-api';
import type { DeclaredField, Role } from '@hortus/contracts/workspace';
import type { DeclarationPlan, WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import { declaredFields } from './field-policy.ts';

/** Somebody who belongs to a workspace, or is invited to it. */
export type StandingPerson = { readonly email: string; readonly role: Role } & (
  { readonly userId: string } | { readonly invitationId: string; readonly isDeclared: boolean }
);

/** A workspace before it is declared. */
export interface Standing {
  readonly slug: string;
  readonly name: string;
  readonly isSuspended: boolean;
  readonly isDeleted: boolean;
  readonly resource: string | null;
  readonly manager: string;
  readonly fields: readonly DeclaredField[];
  readonly quota: Quota;
  readonly people: readonly StandingPerson[];
}

/** One thing that a declaration changes. */
export type Change =
  | { readonly does: 'declare'; readonly from: string | null; readonly to: string }
  | { readonly does: 'restore' }
  | { readonly does: 'rename'; readonly from: string; readonly to: string }
  | { readonly does: 'suspend'; readonly from: boolean; readonly to: boolean }
  | { readonly does: 'limit'; readonly from: Quota; readonly to: Quota }
  | { readonly does: 'add'; readonly email: string; readonly role: Role; readonly userId: string; readonly invitationId: string | null } // prettier-ignore
  | { readonly does: 'invite'; readonly email: string; readonly role: Role; readonly invitationId: string | null }
  | { readonly does: 'give role'; readonly email: string; readonly userId: string; readonly from: Role; readonly to: Role } // prettier-ignore
  | { readonly does: 'remove'; readonly email: string; readonly role: Role; readonly userId: string }
  | { readonly does: 'withdraw'; readonly email: string; readonly role: Role; readonly invitationId: string };

/** A workspace that nobody has asked for yet. */
export function unborn({ slug, name }: WorkspaceDeclaration): Standing {
  const quota = { bytesMax: null, artifactsMax: null };
  const nobody = { resource: null, manager: '', fields: [], people: [] };
  return { slug, name: (name ?? slug).trim(), isSuspended: false, isDeleted: false, quota, ...nobody };
}

function planPeople(
  people: readonly StandingPerson[],
  declared: NonNullable<WorkspaceDeclaration['members']>,
  accounts: ReadonlyMap<string, string>,
): Change[] {
  const standing = new Map(people.map((person) => [person.email, person]));
  const wanted = new Set(declared.map(({ email }) => email));
  const entering = declared.flatMap(({ email, role }): Change[] => {
    const person = standing.get(email);
    const userId = accounts.get(email);
    if (person !== undefined && 'userId' in person) {
      return person.role === role ? [] : [{ does: 'give role', email, userId: person.userId, from: person.role, to: role }]; // prettier-ignore
    }
    const invitationId = person?.invitationId ?? null;
    if (userId !== undefined) return [{ does: 'add', email, role, userId, invitationId }];
    const isInvited = person?.isDeclared === true && person.role === role;
    return isInvited ? [] : [{ does: 'invite', email, role, invitationId }];
  });
  const leaving = people
    .filter(({ email }) => !wanted.has(email))
    .map((person): Change => {
      const { email, role } = person;
      return 'userId' in person
        ? { does: 'remove', email, role, userId: person.userId }
        : { does: 'withdraw', email, role, invitationId: person.invitationId };
    });
  // Who enters comes first, so that there is an owner at every moment.
  return [...entering, ...leaving];
}

/**
 * What is to change so that the workspace is as declared; nothing where it is so already.
 *
 * @param accounts ids of the people who have an account, by their address: of those at least who are no members yet
 */
export function planDeclaration(
  standing: Standing,
  declaration: WorkspaceDeclaration,
  accounts: ReadonlyMap<string, string>,
): Change[] {
  const { resource, manager, name, members, isSuspended } = declaration;
  const changes: Change[] = [];
  const fields = declaredFields(declaration);
  const isSame = standing.resource === resource && standing.manager === manager && String(standing.fields) === String(fields); // prettier-ignore
  if (!isSame) changes.push({ does: 'declare', from: standing.resource, to: resource });
  if (standing.isDeleted) changes.push({ does: 'restore' });
  if (name !== undefined && name.trim() !== standing.name) changes.push({ does: 'rename', from: standing.name, to: name.trim() }); // prettier-ignore
  const quota = { ...standing.quota, ...declaration.quota };
  if (quota.bytesMax !== standing.quota.bytesMax || quota.artifactsMax !== standing.quota.artifactsMax) {
    changes.push({ does: 'limit', from: standing.quota, to: quota });
  }
  if (members !== undefined) changes.push(...planPeople(standing.people, members, accounts));
  if (isSuspended !== standing.isSuspended) changes.push({ does: 'suspend', from: standing.isSuspended, to: isSuspended }); // prettier-ignore
  return changes;
}

type Said = DeclarationPlan['changes'][number];
const said = (field: string, from: string | null, to: string | null): Said => ({ field, from, to });
const limit = (max: number | null): string => (max === null ? 'no limit' : String(max));

/** The changes for people, field by field. */
export function describeChange(change: Change): Said[] {
  switch (change.does) {
    case 'declare':
      return change.from === change.to ? [] : [said('resource', change.from, change.to)];
    case 'restore':
      return [said('isDeleted', 'true', 'false')];
    case 'rename':
      return [said('name', change.from, change.to)];
    case 'suspend':
      return [said('isSuspended', String(change.from), String(change.to))];
    case 'limit':
      return (['bytesMax', 'artifactsMax'] as const)
        .filter((name) => change.from[name] !== change.to[name])
        .map((name) => said(`quota.${name}`, limit(change.from[name]), limit(change.to[name])));
    case 'give role':
      return [said(`members[${change.email}].role`, change.from, change.to)];
    case 'add':
    case 'invite':
      return [said(`members[${change.email}]`, null, change.role)];
    case 'remove':
    case 'withdraw':
      return [said(`members[${change.email}]`, change.role, null)];
  }
}
