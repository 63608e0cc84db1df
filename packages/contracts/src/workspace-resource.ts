import { Type, type Static, type TString, type TUnsafe } from 'typebox';
import { RESERVED_SLUGS, ROLES, SLUG_LENGTH_MAX, type Role } from './workspace.ts';

/*
 * The resource `workspaces.hortus.dev`. Its CRD is printed from here, so the schemas keep to what a structural schema can say:
 * no unions but the one of a quantity, no patterns of lookaround, rules in CEL under `x-kubernetes-validations`, each with a
 * sentence that names the field and the remedy. Lists and texts are bounded, so that the estimated cost of the rules is too.
 *
 * Who decides: what a resource declares holds and is locked in the browser; what it leaves out is decided in the browser.
 */

export const WORKSPACE_RESOURCE = {
  group: 'hortus.dev',
  version: 'v1beta1',
  kind: 'Workspace',
  plural: 'workspaces',
  singular: 'workspace',
  listKind: 'WorkspaceList',
  shortNames: ['ws'],
  categories: ['hortus'],
  scope: 'Cluster',
} as const;

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: only with `-o wide`. */
  readonly priority: 0 | 1;
}

export const WORKSPACE_COLUMNS: readonly PrinterColumn[] = [
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether everything stands',
    priority: 0,
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
    description: 'Why it is ready or not',
    priority: 0,
  },
  {
    name: 'Namespace',
    type: 'string',
    jsonPath: '.status.namespace',
    description: 'The namespace of the workspace',
    priority: 0,
  },
  {
    name: 'Members',
    type: 'integer',
    jsonPath: '.status.counts.members',
    description: 'How many members it has',
    priority: 0,
  },
  {
    name: 'Age',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: 'Since when it is declared',
    priority: 0,
  },
  {
    name: 'Gardener',
    type: 'string',
    jsonPath: '.status.gardener.mode',
    description: 'Whether it has a gardener of its own',
    priority: 1,
  },
  {
    name: 'Last drift',
    type: 'date',
    jsonPath: '.status.lastDriftAt',
    description: 'When a change by somebody else was last put right',
    priority: 1,
  },
];

/** Names that the operator and whoever works beside it share. */
export const WORKSPACE_NAMES = {
  /** Owns the fields that the operator applies. */
  fieldManager: 'hortus-operator',
  finalizer: 'hortus.dev/workspace',
  /** On everything that the operator made: the name of the resource. */
  workspaceLabel: 'hortus.dev/workspace',
  /** On everything that the operator made: the stable id, by which it is known again in another cluster. */
  workspaceIdLabel: 'hortus.dev/workspace-id',
  managedByLabel: 'app.kubernetes.io/managed-by',
  managedBy: 'hortus-operator',
  hashAnnotation: 'hortus.dev/applied',
  /** On a Workspace, `"true"`: the operator keeps its hands off. */
  pausedAnnotation: 'hortus.dev/paused',
  /** On a namespace that stands already: the name of the Workspace that may have it. */
  adoptAnnotation: 'hortus.dev/adopt-by',
  /** On a ConfigMap or Secret, `"true"`: workspaces may have a copy. */
  sharedLabel: 'hortus.dev/shared',
  namespacePrefix: 'ws-',
  /** The Kubernetes ClusterRole that a member's role is bound to, in the namespace of the workspace only. */
  clusterRoles: {
    owner: 'hortus-workspace-owner',
    admin: 'hortus-workspace-admin',
    member: 'hortus-workspace-member',
  } satisfies Record<Role, string>,
} as const;

/** Above this the rules would cost more than an API server allows. */
export const DECLARED_MEMBERS_MAX = 300;
const COPIES_MAX = 20;
const RULES_MAX = 20;
const PORTS_MAX = 20;
export const DRIFT_ENTRIES_MAX = 10;

interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
}

function rules(...list: readonly Rule[]): { 'x-kubernetes-validations': Rule[] } {
  return { 'x-kubernetes-validations': [...list] };
}

function listMap(...keys: readonly string[]): object {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [...keys] };
}

const closed = { additionalProperties: false } as const;

function Text(maxLength: number, description: string, ...list: readonly Rule[]): TString {
  return Type.String({ maxLength, description, ...(list.length === 0 ? {} : rules(...list)) });
}

/** A whole number or a text such as `500m` or `2Gi`. */
function Quantity(description: string): TUnsafe<string | number> {
  return Type.Unsafe<string | number>({
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    'x-kubernetes-int-or-string': true,
    maxLength: 32,
    description,
    ...rules(
      {
        rule: 'isQuantity(string(self))',
        message: 'is no quantity: write a number with or without a unit, such as 4, 500m or 2Gi',
      },
      {
        rule: '!isQuantity(string(self)) || sign(quantity(string(self))) >= 0',
        message: 'must not be negative',
      },
    ),
  });
}

function NamespaceName(description: string): TString {
  return Text(63, description, {
    rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    message: 'must be the name of a namespace: lower-case letters, digits and hyphens, at most 63 characters',
  });
}

const DeclaredEmail = Text(254, 'E-mail address by which the person signs in, in lower case', {
  rule: String.raw`self.matches('^[^A-Z\\s@<>()\\[\\],;:"]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$')`,
  message: 'must be one e-mail address in lower case, such as ann@example.com',
});

export const DeclaredMember = Type.Object(
  {
    email: DeclaredEmail,
    role: Type.Enum(ROLES as unknown as Role[], {
      type: 'string',
      default: 'member',
      description: 'What the person may do: owner, admin or member; default member',
    }),
  },
  { ...closed, description: 'A person who belongs to the workspace' },
);
export type DeclaredMember = Static<typeof DeclaredMember>;

const NamespaceSpec = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        ...NamespaceName(
          'Name of the namespace; default `ws-` and the name of the resource. It cannot change, since namespaces cannot be renamed',
        ),
        ...rules(
          {
            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
            message: 'must be the name of a namespace: lower-case letters, digits and hyphens, at most 63 characters',
          },
          {
            rule: 'self == oldSelf',
            message: 'cannot change, since namespaces cannot be renamed: make another workspace',
          },
          {
            rule: "self != 'default' && !self.startsWith('kube-')",
            message: 'is a namespace of the cluster itself: choose another name',
          },
        ),
      }),
    ),
    adopt: Type.Optional(
      Type.Enum(['Never', 'WithConsent'], {
        type: 'string',
        default: 'Never',
        description:
          'What to do where the namespace stands already and is not of this workspace. Never: nothing, and say so. ' +
          'WithConsent: take it over if its annotation `hortus.dev/adopt-by` names this resource; default Never',
      }),
    ),
  },
  { ...closed, description: 'The namespace of the workspace; default one of its own' },
);

const QuotaSpec = Type.Object(
  {
    cpu: Type.Optional(
      Quantity('Processors that all pods of the namespace together may ask for and use, in cores; default no limit'),
    ),
    memory: Type.Optional(
      Quantity('Memory that all pods of the namespace together may ask for and use, in bytes; default no limit'),
    ),
    volumes: Type.Optional(
      Quantity('Space that all volume claims of the namespace together may ask for, in bytes; default no limit'),
    ),
    pods: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'Pods that the namespace may have; default no limit',
      }),
    ),
    storage: Type.Optional(
      Quantity(
        'Bytes of originals that the workspace may keep in Hortus; decided in Hortus when absent. Below what it keeps, it may only not grow',
      ),
    ),
    artifacts: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        format: 'int64',
        description: 'Artifacts that the workspace may keep in Hortus; decided in Hortus when absent',
      }),
    ),
  },
  { ...closed, description: 'How much the workspace may use; what is absent has no limit here' },
);

const ContainersSpec = Type.Object(
  {
    cpuRequest: Type.Optional(Quantity('Processors that a container asks for when it says nothing; default 50m')),
    memoryRequest: Type.Optional(Quantity('Memory that a container asks for when it says nothing; default 64Mi')),
    cpuLimit: Type.Optional(Quantity('Processors that a container may use when it says nothing; default 500m')),
    memoryLimit: Type.Optional(Quantity('Memory that a container may use when it says nothing; default 256Mi')),
  },
  { ...closed, description: 'What holds for a container that says nothing of its resources' },
);

const Ports = Type.Array(
  Type.Object(
    {
      port: Type.Integer({ minimum: 1, maximum: 65_535, description: 'Number of the port' }),
      protocol: Type.Optional(
        Type.Enum(['TCP', 'UDP', 'SCTP'], { type: 'string', default: 'TCP', description: 'Protocol; default TCP' }),
      ),
    },
    { ...closed, description: 'A port' },
  ),
  { maxItems: PORTS_MAX, description: 'The ports that are meant; default all' },
);

const NetworkSpec = Type.Object(
  {
    within: Type.Optional(
      Type.Enum(['Allowed', 'Denied'], {
        type: 'string',
        default: 'Allowed',
        description: 'Whether pods of the namespace may reach each other; default Allowed',
      }),
    ),
    internet: Type.Optional(
      Type.Enum(['Allowed', 'Denied'], {
        type: 'string',
        default: 'Denied',
        description: 'Whether pods may reach public addresses; default Denied',
      }),
    ),
    from: Type.Optional(
      Type.Array(
        Type.Object(
          {
            namespace: NamespaceName('The namespace whose pods may come in'),
            ports: Type.Optional(Ports),
          },
          { ...closed, description: 'Who may come in' },
        ),
        { maxItems: RULES_MAX, ...listMap('namespace'), description: 'Who may reach the pods; default nobody' },
      ),
    ),
    to: Type.Optional(
      Type.Array(
        Type.Object(
          {
            namespace: Type.Optional(NamespaceName('A namespace whose pods may be reached; instead of `cidr`')),
            cidr: Type.Optional(
              Text(49, 'A range of addresses that may be reached, such as 10.1.0.0/16; instead of `namespace`', {
                rule: 'isCIDR(self)',
                message: 'is no range of addresses: write one such as 10.1.0.0/16',
              }),
            ),
            ports: Type.Optional(Ports),
          },
          {
            ...closed,
            description: 'What may be reached',
            ...rules({
              rule: 'has(self.cidr) != has(self.namespace)',
              message: 'needs either cidr or namespace, and not both',
            }),
          },
        ),
        { maxItems: RULES_MAX, description: 'What the pods may reach beyond; default nothing but name resolution' },
      ),
    ),
  },
  { ...closed, description: 'What the network lets through; everything else is denied in both directions' },
);

const GardenerSpec = Type.Object(
  {
    mode: Type.Enum(['shared', 'dedicated'], {
      type: 'string',
      default: 'shared',
      description:
        'Who gardens: the gardener of all workspaces, or one of its own in the namespace of the workspace; default shared',
    }),
    replicas: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 20,
        description: 'How many pods the gardener of its own has; only with dedicated; default 1',
      }),
    ),
    resources: Type.Optional(
      Type.Object(
        {
          cpu: Type.Optional(Quantity('Processors of each pod, asked for and limited; default 1')),
          memory: Type.Optional(Quantity('Memory of each pod, asked for and limited; default 1Gi')),
        },
        { ...closed, description: 'What each pod of the gardener gets; only with dedicated' },
      ),
    ),
  },
  {
    ...closed,
    description: 'Who turns pictures into variants; default the gardener of all workspaces',
    ...rules({
      rule: "self.mode == 'dedicated' || (!has(self.replicas) && !has(self.resources))",
      message: 'replicas and resources are of a gardener of its own: set mode to dedicated, or leave them out',
    }),
  },
);

const Copies = Type.Array(
  Type.Object(
    {
      kind: Type.Enum(['ConfigMap', 'Secret'], { type: 'string', description: 'What is copied: ConfigMap or Secret' }),
      name: Text(253, 'Its name in the namespace of shared objects, and of the copy', {
        rule: "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')",
        message: 'must be the name of an object: lower-case letters, digits, hyphens and dots',
      }),
    },
    { ...closed, description: 'An object that is copied' },
  ),
  {
    maxItems: COPIES_MAX,
    ...listMap('kind', 'name'),
    description:
      'ConfigMaps and Secrets that the namespace gets a copy of and keeps up to date. Each lies in the namespace of shared objects ' +
      '(a setting of the operator) and says by its label `hortus.dev/shared: "true"` that it may be copied; default none',
  },
);

const isNamed = (it: string) => `(has(${it}.namespace) && has(${it}.namespace.name))`;

export const WorkspaceSpec = Type.Object(
  {
    slug: Type.String({
      minLength: 2,
      maxLength: SLUG_LENGTH_MAX,
      description:
        'Name of the workspace in addresses, `/w/<slug>/…`: lower-case letters, digits and single hyphens between them, 2 to 63 ' +
        'characters. It cannot change',
      ...rules(
        { rule: 'self == oldSelf', message: 'cannot change, so that addresses stay: make another workspace' },
        {
          rule: "self.matches('^[a-z0-9]+(-[a-z0-9]+)*$')",
          message: 'must be lower-case letters, digits and single hyphens between them, such as blue-team',
        },
        {
          rule: `!(self in [${RESERVED_SLUGS.map((slug) => `'${slug}'`).join(', ')}])`,
          message: 'is kept for the product itself: choose another slug',
        },
      ),
    }),
    displayName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'The name that people see, one line; decided in Hortus when absent, where it begins as the slug',
        ...rules({
          rule: String.raw`self.trim() != '' && !self.matches('[\\x00-\\x1f\\x7f]')`,
          message: 'must be one line with something to see',
        }),
      }),
    ),
    workspaceId: Type.Optional(
      Text(
        36,
        'The id of a workspace that stands already, to declare it; default one that follows from the slug. It cannot change',
        {
          rule: "self.matches('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')",
          message: 'must be the id of a workspace, as the browser shows it',
        },
      ),
    ),
    namespace: Type.Optional(NamespaceSpec),
    members: Type.Optional(
      Type.Array(DeclaredMember, {
        minItems: 1,
        maxItems: DECLARED_MEMBERS_MAX,
        ...listMap('email'),
        description:
          'All who belong to the workspace, with at least one owner; who is not named leaves. Decided in Hortus when absent',
        ...rules({
          rule: "self.exists(m, m.role == 'owner')",
          message: 'must have at least one member with the role owner',
        }),
      }),
    ),
    quota: Type.Optional(QuotaSpec),
    containers: Type.Optional(ContainersSpec),
    network: Type.Optional(NetworkSpec),
    gardener: Type.Optional(GardenerSpec),
    copies: Type.Optional(Copies),
    suspend: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether the workspace rests: it can be read and not changed, and a gardener of its own has no pods; default false',
      }),
    ),
    deletionPolicy: Type.Optional(
      Type.Enum(['Retain', 'Delete'], {
        type: 'string',
        default: 'Retain',
        description:
          'What becomes of the workspace in Hortus, with its artifacts, when the resource is deleted. Retain: it stays and is ' +
          'decided in the browser again. Delete: it is removed for good. The namespace goes in both cases; default Retain',
      }),
    ),
    deletionProtection: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether deleting the resource is refused until this is false again; default false',
      }),
    ),
  },
  {
    ...closed,
    description: 'What the workspace is to be',
    ...rules(
      {
        rule: `${isNamed('self')} == ${isNamed('oldSelf')}`,
        message: 'namespace.name cannot change: make another workspace',
      },
      {
        rule: 'has(self.workspaceId) == has(oldSelf.workspaceId) && (!has(self.workspaceId) || self.workspaceId == oldSelf.workspaceId)',
        message: 'workspaceId cannot change: make another workspace',
      },
      {
        rule: 'has(self.members) || has(self.workspaceId)',
        message:
          'declare members with at least one owner, or name by workspaceId the workspace that stands already in Hortus',
      },
    ),
  },
);
export type WorkspaceSpec = Static<typeof WorkspaceSpec>;

const Time = (description: string) => Type.String({ format: 'date-time', description });

export const WorkspaceCondition = Type.Object(
  {
    type: Text(316, 'What is said, for instance Ready'),
    status: Type.Enum(['True', 'False', 'Unknown'], { type: 'string', description: 'Whether it holds' }),
    reason: Text(1024, 'Why, in one word of the catalogue'),
    message: Text(32_768, 'Why, for people, with the remedy where there is one'),
    observedGeneration: Type.Optional(
      Type.Integer({ format: 'int64', minimum: 0, description: 'The generation of the spec that it was said of' }),
    ),
    lastTransitionTime: Time('Since when the status is as it is'),
  },
  { ...closed, description: 'One statement about the workspace' },
);

export const WorkspaceDrift = Type.Object(
  {
    at: Time('When it was put right last'),
    kind: Text(63, 'Kind of the object that somebody else had changed'),
    name: Text(253, 'Its name'),
    fields: Type.Array(Text(512, 'A path'), {
      maxItems: 10,
      description: 'What was changed; empty when it was deleted',
    }),
    manager: Text(253, 'The field manager that changed it; empty where it is not known'),
    count: Type.Integer({ minimum: 1, description: 'How often this was put right' }),
  },
  { ...closed, description: 'A change by somebody else that was put right' },
);
export type WorkspaceDrift = Static<typeof WorkspaceDrift>;

export const WorkspaceStatus = Type.Object(
  {
    observedGeneration: Type.Optional(
      Type.Integer({ format: 'int64', minimum: 0, description: 'The generation of the spec that the rest speaks of' }),
    ),
    conditions: Type.Optional(
      Type.Array(WorkspaceCondition, {
        maxItems: 32,
        ...listMap('type'),
        description: 'What holds: one condition per dependant, and Ready, Reconciling and Stalled over all of them',
      }),
    ),
    workspaceId: Type.Optional(
      Text(36, 'The id of the workspace in Hortus; stays the same in another cluster, where the UID does not'),
    ),
    namespace: Type.Optional(Text(63, 'The namespace of the workspace')),
    counts: Type.Optional(
      Type.Object(
        {
          members: Type.Integer({ minimum: 0, description: 'How many people belong to the workspace' }),
          invited: Type.Integer({ minimum: 0, description: 'How many more have yet to make an account' }),
          children: Type.Integer({ minimum: 0, description: 'How many objects the operator keeps for it' }),
        },
        { ...closed, description: 'Figures' },
      ),
    ),
    gardener: Type.Optional(
      Type.Object(
        {
          mode: Text(16, 'shared or dedicated'),
          taskQueue: Text(253, 'The task queue in Temporal that its pictures go to'),
          replicas: Type.Integer({ minimum: 0, description: 'How many pods a gardener of its own is to have' }),
          readyReplicas: Type.Integer({ minimum: 0, description: 'How many of them work' }),
        },
        { ...closed, description: 'Who gardens' },
      ),
    ),
    drift: Type.Optional(
      Type.Array(WorkspaceDrift, {
        maxItems: DRIFT_ENTRIES_MAX,
        ...listMap('kind', 'name'),
        description: 'The last changes by others that were put right, newest first',
      }),
    ),
    lastDriftAt: Type.Optional(Time('When a change by somebody else was last put right')),
  },
  { ...closed, description: 'What was found and done' },
);
export type WorkspaceStatus = Static<typeof WorkspaceStatus>;

/** What `kubectl explain workspace` says first. */
export const WORKSPACE_DESCRIPTION =
  'A workspace of Hortus: a team with its namespace, its walls, its members and its gardener.';

/** The rules of the whole object, which may look at the name. */
export const WORKSPACE_RULES: readonly Rule[] = [
  {
    rule: "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 60",
    message:
      'metadata.name must be lower-case letters, digits and hyphens, at most 60 characters: the namespace is called ws- and this name',
  },
];
