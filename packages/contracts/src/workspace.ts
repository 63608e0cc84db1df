import { Type, type Static } from 'typebox';
import { Uuid } from './text.ts';

/** What a member may do in a workspace, strongest first. */
export const ROLES = ['owner', 'admin', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** The request header that names the workspace of a request. */
export const WORKSPACE_HEADER = 'hortus-workspace';

export const WorkspaceHeaders = Type.Object({
  [WORKSPACE_HEADER]: Type.Optional(Uuid('The id of the workspace that the request is about')),
});

/** A workspace as one of its members sees it. */
export const WorkspaceMembership = Type.Object(
  {
    id: Uuid('Identifies the workspace'),
    slug: Type.String({ description: 'The name of the workspace in addresses, `/w/<slug>/…`; it never changes' }),
    name: Type.String({ description: 'The name that people see' }),
    role: Type.Enum(ROLES as unknown as Role[], { description: 'What you may do in the workspace' }),
  },
  { description: 'A workspace and your role in it' },
);
export type WorkspaceMembership = Static<typeof WorkspaceMembership>;
