import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROLES } from '@hortus/contracts/workspace';
import type { WorkspaceDeclaration } from '@hortus/contracts/workspace-resource-api';
import { declaredFields } from './field-policy.ts';
import {
  describeChange,
  planDeclaration,
  unborn,
  type Change,
  type Standing,
  type StandingPerson,
} from './plan-declaration.ts';

const bare: WorkspaceDeclaration = { resource: 'blue', manager: 'argocd', slug: 'blue', quota: {}, isSuspended: false };
const none = new Map<string, string>();
const owner = { email: 'ann@example.com', role: 'owner' as const };

/** The workspace as it stands once the changes are done. */
function carryOut(standing: Standing, declaration: WorkspaceDeclaration, changes: readonly Change[]): Standing {
  let { name, quota, isSuspended, isDeleted, resource, manager, fields } = standing;
  const people = new Map(standing.people.map((person) => [person.email, person]));
  for (const change of changes) {
    if (change.does === 'rename') name = change.to;
    else if (change.does === 'limit') quota = change.to;
    else if (change.does === 'suspend') isSuspended = change.to;
    else if (change.does === 'restore') isDeleted = false;
    else if (change.does === 'declare') {
      ({ resource, manager } = declaration);
      fields = declaredFields(declaration);
    } else if (change.does === 'remove' || change.does === 'withdraw') people.delete(change.email);
    else if (change.does === 'invite') {
      people.set(change.email, { email: change.email, role: change.role, invitationId: 'new', isDeclared: true });
    } else {
      const role = change.does === 'give role' ? change.to : change.role;
      people.set(change.email, { email: change.email, role, userId: change.userId });
    }
  }
  return {
    slug: standing.slug,
    name,
    quota,
    isSuspended,
    isDeleted,
    resource,
    manager,
    fields,
    people: [...people.values()],
  };
}

const emails = fc.constantFrom('a@x.test', 'b@x.test', 'c@x.test', 'd@x.test');
const roles = fc.constantFrom(...ROLES);
const person: fc.Arbitrary<StandingPerson> = fc.oneof(
  fc.record({ email: emails, role: roles, userId: fc.uuid() }),
  fc.record({ email: emails, role: roles, invitationId: fc.uuid(), isDeclared: fc.boolean() }),
);
const limit = fc.option(fc.nat(), { nil: null });
const standings: fc.Arbitrary<Standing> = fc.record({
  slug: fc.constant('blue'),
  name: fc.constantFrom('Blue', 'Green'),
  isSuspended: fc.boolean(),
  isDeleted: fc.boolean(),
  resource: fc.constantFrom('blue', null),
  manager: fc.constantFrom('', 'argocd', 'kubectl'),
  fields: fc.constant([]),
  quota: fc.record({ bytesMax: limit, artifactsMax: limit }),
  people: fc.uniqueArray(person, { selector: ({ email }) => email }),
});
const declarations: fc.Arbitrary<WorkspaceDeclaration> = fc.record(
  {
    resource: fc.constant('blue'),
    manager: fc.constantFrom('', 'argocd'),
    slug: fc.constant('blue'),
    name: fc.constantFrom('Blue', 'Red'),
    members: fc.uniqueArray(fc.record({ email: emails, role: roles }), {
      selector: ({ email }) => email,
      minLength: 1,
    }),
    quota: fc.record({ bytesMax: limit, artifactsMax: limit }, { requiredKeys: [] }),
    isSuspended: fc.boolean(),
  },
  { requiredKeys: ['resource', 'manager', 'slug', 'quota', 'isSuspended'] },
);
const accountsOf = fc.dictionary(emails, fc.uuid()).map((accounts) => new Map(Object.entries(accounts)));

describe('the plan of a declaration', () => {
  it('leaves the workspace as declared, whatever it was, and then nothing to do', () => {
    fc.assert(
      fc.property(standings, declarations, accountsOf, (standing, declaration, accounts) => {
        const after = carryOut(standing, declaration, planDeclaration(standing, declaration, accounts));
        expect(planDeclaration(after, declaration, accounts)).toEqual([]);
        expect(after).toMatchObject({ isDeleted: false, isSuspended: declaration.isSuspended, resource: 'blue' });
        if (declaration.members !== undefined) {
          const people = after.people.map(({ email, role }) => `${email} ${role}`);
          expect(people.sort()).toEqual(declaration.members.map(({ email, role }) => `${email} ${role}`).sort());
        }
      }),
    );
  });

  it('touches nothing that the declaration leaves out', () => {
    fc.assert(
      fc.property(standings, (standing) => {
        const does = planDeclaration({ ...standing, isDeleted: false, isSuspended: false }, bare, none).map(
          (one) => one.does,
        );
        expect(does.filter((one) => one !== 'declare')).toEqual([]);
      }),
    );
  });

  it('makes who has an account a member, and invites who has none', () => {
    const members = [owner, { email: 'bob@example.com', role: 'member' as const }];
    const plan = planDeclaration(unborn(bare), { ...bare, members }, new Map([[owner.email, 'id-of-ann']]));
    expect(plan.map(({ does }) => does)).toEqual(['declare', 'add', 'invite']);
    expect(plan.flatMap(describeChange)).toEqual([
      { field: 'resource', from: null, to: 'blue' },
      { field: 'members[ann@example.com]', from: null, to: 'owner' },
      { field: 'members[bob@example.com]', from: null, to: 'member' },
    ]);
  });

  it('takes the place of an invitation that was sent in the browser', () => {
    const people = [{ ...owner, invitationId: 'one', isDeclared: false }];
    const standing = { ...unborn(bare), people };
    const [invite] = planDeclaration(standing, { ...bare, members: [owner] }, none).filter(
      ({ does }) => does === 'invite',
    );
    expect(invite).toMatchObject({ invitationId: 'one' });
    const [add] = planDeclaration(standing, { ...bare, members: [owner] }, new Map([[owner.email, 'id']])).slice(1);
    expect(add).toMatchObject({ does: 'add', invitationId: 'one' });
  });

  it('lets people in before it lets others go, so that there is an owner at every moment', () => {
    const people = [{ email: 'old@example.com', role: 'owner' as const, userId: 'old' }];
    const plan = planDeclaration(
      { ...unborn(bare), people },
      { ...bare, members: [owner] },
      new Map([[owner.email, 'id']]),
    );
    expect(plan.map(({ does }) => does)).toEqual(['declare', 'add', 'remove']);
  });
});
