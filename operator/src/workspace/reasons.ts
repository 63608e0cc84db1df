/** Conditions of a Workspace. Of each dependant one, then what holds over all of them. */
export const CONDITIONS = {
  Ready: 'Everything stands as declared.',
  Reconciling: 'The operator is at work, or waits for something that is expected to come by itself.',
  Stalled: 'The operator can not go on until somebody changes something; the message names what.',
  NamespaceReady: 'The namespace stands and belongs to the workspace.',
  QuotaApplied: 'The ResourceQuota stands as declared, or none is declared.',
  LimitsApplied: 'The LimitRange stands.',
  NetworkIsolated: 'The NetworkPolicies stand.',
  AccessGranted: 'The RoleBindings of the members stand.',
  ServiceAccountsReady: 'The ServiceAccounts stand, and mount no token by themselves.',
  CopiesReady: 'The copies of shared ConfigMaps and Secrets stand and are up to date.',
  WorkspaceRegistered: 'The workspace stands in Hortus with its members and quota.',
  GardenerReady: 'A gardener works for the workspace: the one of all, or its own.',
  Suspended: 'The workspace rests by spec.suspend.',
  Paused: 'The operator keeps its hands off, by the annotation hortus.dev/paused.',
  DeletionBlocked: 'The resource is to be deleted, and a step of it does not go on; the message names it.',
} as const;

export type ConditionType = keyof typeof CONDITIONS;

/** The dependants, in the order in which they are looked at for the reason of Ready. */
export const DEPENDANTS = [
  'NamespaceReady',
  'WorkspaceRegistered',
  'NetworkIsolated',
  'QuotaApplied',
  'LimitsApplied',
  'AccessGranted',
  'ServiceAccountsReady',
  'CopiesReady',
  'GardenerReady',
] as const satisfies readonly ConditionType[];
export type Dependant = (typeof DEPENDANTS)[number];

/** Every reason of a condition or an event: what it means, and what to do. */
export const REASONS = {
  Applied: 'It stands as declared. Nothing is to be done.',
  NotDeclared: 'Nothing of the kind is declared. Nothing is to be done.',
  Unseen: 'The operator has not looked at it yet. It will within moments; if not, see that the operator runs.',
  Waiting: 'It waits for another dependant, which has a condition of its own.',
  Progressing: 'It is under way.',
  Paused: 'The operator keeps its hands off. Remove the annotation hortus.dev/paused to go on.',
  Resumed: 'The operator looks after it again.',
  Active: 'The workspace is at work. Nothing is to be done.',
  Suspended: 'The workspace rests. Set spec.suspend to false to wake it.',
  Shared: 'The gardener of all workspaces works for it. Nothing is to be done.',
  SlugInUse:
    'Another workspace has the slug. Choose another slug, or declare the one that stands by its spec.workspaceId.',
  SlugReserved: 'The slug is kept for the product itself. Choose another one.',
  DeclaredElsewhere: 'An older resource declares the same workspace. Delete one of the two, or choose another slug.',
  DeclarationRefused: 'Hortus refuses what is declared. The message says which field and why.',
  HortusUnavailable: 'Hortus does not answer. The operator goes on by itself when it does; look at the api.',
  RemovalUnderWay: 'Hortus still removes the workspace of this id. The operator goes on by itself when that is done.',
  ClusterUnavailable: 'The API server does not answer or is busy. The operator goes on by itself when it does.',
  NamespaceTaken:
    'A namespace of the name stands and is not of this workspace. Choose another by namespace.name, or let both sides ' +
    'agree: namespace.adopt: WithConsent here, the annotation hortus.dev/adopt-by with the name of the resource there.',
  NamespaceTerminating:
    'The namespace is being deleted. It is made anew once it is gone; see what in it has finalizers if that takes long.',
  Refused: 'The API server refuses the object, by its form, a policy or a quota. The message says why.',
  SourceMissing:
    'What is to be copied is not in the namespace of shared objects, or its label hortus.dev/shared is not "true".',
  Contested:
    'Somebody else keeps changing what the operator puts right, so it does so seldom. Stop the other manager, which the message names.',
  GardenerNotConfigured:
    'The operator has no image for gardeners. Set HORTUS_GARDENER_IMAGE, or use the shared gardener.',
  GardenerUnavailable: 'Pods of the gardener are not ready. Look at the Deployment hortus-gardener and its pods.',
  Adopted: 'A namespace that stood already was taken over, as both sides agreed.',
  Repaired: 'A change by somebody else was put right.',
  Removed: 'A child that is no longer declared was removed, or the workspace was; the note says what.',
  Ready: 'Everything stands as declared.',
  Deleting: 'The resource is being deleted. The message names the step.',
  DeletionBlocked: 'A step of the deletion does not go on. The message names it and what to do.',
} as const;

export type Reason = keyof typeof REASONS;
