/** What of the operator's configuration decides about children. */
export interface Settings {
  /** Where objects lie that workspaces may have copies of. */
  readonly sharedNamespace: string;
  /** Before a member's address in the subjects of RoleBindings, as the cluster's authentication has it. */
  readonly userPrefix: string;
  /** Where Hortus runs: a gardener of its own reaches it, and Temporal beside it. */
  readonly hortusNamespace: string;
  readonly gardenerImage: string | undefined;
}
