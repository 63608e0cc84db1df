import { ROLES } from '@hortus/contracts/workspace';
import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import { ROLE_BINDING } from '../kinds.ts';
import { labelsOf, type Child, type StepInput } from './step.ts';

const API_GROUP = 'rbac.authorization.k8s.io';

/** One per role that somebody has: what a role may do is written in its ClusterRole, and holds in this namespace only. */
export function roleBindings(input: StepInput): readonly Child[] {
  const { members = [], namespace, settings } = input;
  return ROLES.flatMap((role): readonly Child[] => {
    const names = members
      .filter((member) => member.role === role)
      .map(({ email }) => `${settings.userPrefix}${email}`)
      .sort();
    if (names.length === 0) return [];
    const object = {
      metadata: { name: `hortus-${role}s`, namespace, labels: labelsOf(input, 'access') },
      roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name: WORKSPACE_NAMES.clusterRoles[role] },
      subjects: names.map((name) => ({ apiGroup: API_GROUP, kind: 'User', name })),
    };
    return [{ dependant: 'AccessGranted', resource: ROLE_BINDING, object }];
  });
}
