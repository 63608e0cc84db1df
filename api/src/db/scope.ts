import type { Knex } from 'knex';

/** What a transaction may see; each is one setting that the policies of the tables compare with. */
export interface Scope {
  readonly workspaceId?: string;
  readonly userId?: string;
  readonly email?: string;
  /** A one-time link of a mail. */
  readonly linkId?: string;
  /** The id of a row of `openid_identities`. */
  readonly identity?: string;
  /** Act as the instance itself: the outbox of all workspaces, and which workspaces there are. */
  readonly instance?: true;
  /**
   * Rows come in the order of an index. The policies hide from PostgreSQL how large the workspace is, so that it may prefer to
   * sort all of it to reading a page of it in order.
   */
  readonly byIndex?: true;
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * BEGIN and the settings as one statement text. It goes by the simple protocol, which takes several statements and no
 * parameters, so ids are checked and text is quoted here (`standard_conforming_strings` is on since PostgreSQL 9.1).
 */
export function beginStatement(scope: Scope): string {
  const settings: string[] = [];
  for (const [name, value] of [
    ['workspace_id', scope.workspaceId],
    ['user_id', scope.userId],
    ['link_id', scope.linkId],
  ] as const) {
    if (value === undefined) continue;
    if (!UUID.test(value)) throw new Error(`${name} of a scope must be a UUID`);
    settings.push(`set local hortus.${name} = '${value}'`);
  }
  if (scope.email !== undefined) settings.push(`set local hortus.email = ${quoted(scope.email)}`);
  if (scope.identity !== undefined) settings.push(`set local hortus.identity = ${quoted(scope.identity)}`);
  if (scope.byIndex) settings.push('set local enable_sort = off');
  if (scope.instance) settings.push('set local role hortus_instance');
  return ['begin', ...settings].join('; ');
}

/** Runs `work` in a transaction that sees what the scope says and no more; commits when it resolves, else rolls back. */
export function withScope<Result>(
  knex: Knex,
  scope: Scope,
  work: (tx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return knex.transaction(work, { scope } as Knex.TransactionConfig);
}

/** Lets a transaction see a workspace as well, in place of any that it saw, until it ends. */
export async function enterWorkspace(tx: Knex.Transaction, workspaceId: string): Promise<void> {
  await tx.raw("select set_config('hortus.workspace_id', ?, true)", [workspaceId]);
}

/** The only way to the tables of a workspace. */
export function withWorkspace<Result>(
  knex: Knex,
  workspaceId: string,
  work: (tx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return withScope(knex, { workspaceId }, work);
}
