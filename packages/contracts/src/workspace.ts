import { Type, type Static } from 'typebox';
import { Name, Timestamp, Uuid } from './text.ts';

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

/** What a resource can declare of a workspace. `workspace`: that there is one. */
export const DECLARED_FIELDS = ['workspace', 'name', 'members', 'bytesMax', 'artifactsMax', 'isSuspended'] as const;
export type DeclaredField = (typeof DECLARED_FIELDS)[number];

export const ManagedBy = Type.Object(
  {
    resource: Type.String({ description: 'The name of the Workspace resource in the cluster' }),
    manager: Type.String({
      description: 'Who wrote it, such as `kubectl` or `argocd`; empty where that is not known',
    }),
    fields: Type.Array(
      Type.Enum(DECLARED_FIELDS as unknown as DeclaredField[], { description: 'A field that is locked' }),
      { description: 'What is decided there and locked here' },
    ),
  },
  { description: 'The resource that declares a workspace' },
);
export type ManagedBy = Static<typeof ManagedBy>;

/** A workspace with what only its own operations tell. */
export const Workspace = Type.Object(
  {
    ...WorkspaceMembership.properties,
    revision: Type.Integer({
      minimum: 1,
      description: 'Counts the changes of the workspace itself; the `ETag` names it',
    }),
    createdAt: Timestamp('When it was made'),
    isSuspended: Type.Boolean({ description: 'Whether it rests: it can be read and not changed' }),
    managedBy: Type.Union([ManagedBy, Type.Null()], {
      description: 'The resource that declares it, and what is locked here by it; null where all is decided here',
    }),
    deletedAt: Type.Union([Timestamp('When an owner deleted it'), Type.Null()], {
      description: 'When an owner deleted it; null while it is in use',
    }),
    removedFrom: Type.Union([Timestamp('Until when a deleted workspace can be restored'), Type.Null()], {
      description:
        'Until when a deleted workspace can be restored; it is removed for good after; null while it is in use',
    }),
  },
  { description: 'A workspace, your role in it, and whether it is deleted' },
);
export type Workspace = Static<typeof Workspace>;

export const SLUG_LENGTH_MAX = 63;
/** What stands, or may come to stand, where a slug does, or would pass for the product's own word. */
export const RESERVED_SLUGS: readonly string[] = (
  'admin api app assets auth account accounts billing blog dashboard demo docs edit events health help ' +
  'home hortus internal invitations login logout me metrics new null public register root security ' +
  'settings setup sign-in sign-up signin signup static status support system undefined users w webhooks ' +
  'workspace workspaces www'
).split(' ');
/** How many workspaces a person may own, deleted ones included. */
export const WORKSPACES_OWNED_MAX = 100;
export const MEMBERS_MAX = 1000;

const WorkspaceName = Name({ maxLength: 100, description: 'The name that people see, 1 to 100 characters, one line' });

export const NewWorkspace = Type.Object(
  {
    name: WorkspaceName,
    slug: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: SLUG_LENGTH_MAX,
        pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
        description:
          'The name of the workspace in addresses: lower-case letters, digits and single hyphens between them, 2 to 63 ' +
          'characters; made from the name when absent. It never changes',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NewWorkspace = Static<typeof NewWorkspace>;

export const WorkspacePatch = Type.Object({ name: Type.Optional(WorkspaceName) }, { additionalProperties: false });
export type WorkspacePatch = Static<typeof WorkspacePatch>;

export const Transfer = Type.Object(
  { userId: Uuid('The member who becomes the owner in your place') },
  { additionalProperties: false },
);
export type Transfer = Static<typeof Transfer>;

export const Member = Type.Object(
  {
    userId: Uuid('Identifies the person'),
    email: Type.String({ description: 'E-mail address' }),
    displayName: Type.String({ description: 'The name that others see' }),
    role: Type.Enum(ROLES as unknown as Role[], { description: 'What the member may do in the workspace' }),
    joinedAt: Timestamp('When the person became a member'),
  },
  { description: 'A person who belongs to a workspace' },
);
export type Member = Static<typeof Member>;

export const MemberPatch = Type.Object(
  { role: Type.Enum(ROLES as unknown as Role[], { description: 'What the member may do from now on' }) },
  { additionalProperties: false },
);
export type MemberPatch = Static<typeof MemberPatch>;
