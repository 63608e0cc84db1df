/*
 * What each role of the database may do with each table, and which rows a transaction sees by which setting. This is said
 * here a second time, apart from the migrations, so that the two can be compared: by the catalog (grants) and by trying
 * (rows). A new table needs an entry.
 */

export const VERBS = ['select', 'insert', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** By what a transaction is let in: the role that it has, and the settings that it carries. */
export const SCOPES = {
  nothing: { role: 'hortus_api', settings: [] },
  workspace: { role: 'hortus_api', settings: ['workspace_id'] },
  user: { role: 'hortus_api', settings: ['user_id'] },
  member: { role: 'hortus_api', settings: ['workspace_id', 'user_id'] },
  email: { role: 'hortus_api', settings: ['email'] },
  link: { role: 'hortus_api', settings: ['link_id'] },
  identity: { role: 'hortus_api', settings: ['identity'] },
  instance: { role: 'hortus_instance', settings: [] },
  search: { role: 'hortus_search', settings: [] },
  directory: { role: 'hortus_directory', settings: ['workspace_id'] },
  removal: { role: 'hortus_remover', settings: ['workspace_id'] },
  // The triggers that count run as the owner, who is bound as well.
  counting: { role: 'hortus_owner', settings: ['workspace_id'] },
} as const satisfies Record<string, { role: string; settings: readonly string[] }>;
export type WallScope = keyof typeof SCOPES;

export interface Door {
  /** A scope that carries more settings passes by the door as well. */
  readonly by: WallScope;
  /** Which rows, as SQL; `:workspace_id` and the other settings stand for their values. */
  readonly rows: string;
  /** What may be done with them, as far as the role is granted it; everything by default. */
  readonly verbs?: readonly Verb[];
}

export interface Wall {
  /** Per role what it may do: verbs in the order of the alphabet, with columns where it is not the whole table. The owner may
   * do everything, and is named where a policy lets it. */
  readonly grants: Readonly<Record<string, string>>;
  readonly doors: readonly Door[];
}

const ofWorkspace: Door = { by: 'workspace', rows: 'workspace_id = :workspace_id' };
const ofPerson: Door = { by: 'user', rows: 'user_id = :user_id' };
const ofInstance: Door = { by: 'instance', rows: 'true' };
const ofSearch: Door = { by: 'search', rows: 'true', verbs: ['select'] };
const ofCounting: Door = { by: 'counting', rows: 'workspace_id = :workspace_id' };
const ALL = 'delete, insert, select, update';

/** A table with a `workspace_id`: what its workspace may do is what the api is granted, and a removal empties it. */
function ofTenant(grants: Wall['grants'], doors: readonly Door[] = [ofWorkspace]): Wall {
  return {
    grants: { ...grants, hortus_remover: 'delete, select' },
    doors: [...doors, { by: 'removal', rows: 'workspace_id = :workspace_id' }],
  };
}

const ofEmail = '(select email from users where id = :user_id)';
const membersOf = 'id in (select user_id from memberships where workspace_id = :workspace_id)';

export const WALLS: Readonly<Record<string, Wall>> = {
  users: {
    grants: { hortus_api: ALL, hortus_directory: 'select(display_name), select(email), select(id)' },
    doors: [
      { by: 'user', rows: 'id = :user_id' },
      { by: 'email', rows: 'email = :email', verbs: ['select'] },
      { by: 'directory', rows: membersOf, verbs: ['select'] },
    ],
  },
  sessions: {
    grants: { hortus_api: 'insert, select, update' },
    doors: [ofPerson],
  },
  email_links: {
    grants: { hortus_api: ALL, hortus_instance: 'delete, select(expires_at)' },
    doors: [ofPerson, { by: 'email', rows: 'email = :email' }, { by: 'link', rows: 'id = :link_id' }, ofInstance],
  },
  totp_secrets: {
    grants: {
      hortus_api:
        'delete, insert, select, update(confirmed_at), update(created_at), update(last_step), update(sealed_secret)',
    },
    doors: [ofPerson],
  },
  recovery_codes: { grants: { hortus_api: 'delete, insert, select, update(used_at)' }, doors: [ofPerson] },
  passkeys: {
    grants: {
      hortus_api: 'delete, insert, select, update(counter), update(is_synced), update(last_used_at), update(name)',
    },
    doors: [ofPerson],
  },
  openid_identities: {
    grants: { hortus_api: 'delete, insert, select, update(last_used_at)' },
    doors: [ofPerson, { by: 'identity', rows: 'id = :identity', verbs: ['select'] }],
  },
  used_challenges: { grants: { hortus_api: 'delete, insert, select' }, doors: [ofPerson] },
  workspaces: {
    grants: {
      hortus_api: 'insert, select, update',
      hortus_instance: 'select(id), select(is_demo), select(removed_from), select(slug), select(was_declared)',
      hortus_remover: 'delete, select',
    },
    doors: [
      { by: 'workspace', rows: 'id = :workspace_id' },
      { by: 'user', rows: 'id in (select workspace_id from memberships where user_id = :user_id)', verbs: ['select'] },
      { by: 'user', rows: `id in (select workspace_id from invitations where email = ${ofEmail})`, verbs: ['select'] },
      { ...ofInstance, verbs: ['select'] },
      { by: 'removal', rows: 'id = :workspace_id' },
    ],
  },
  memberships: ofTenant({ hortus_api: ALL, hortus_directory: 'select(user_id), select(workspace_id)' }, [
    ofWorkspace,
    { by: 'user', rows: 'user_id = :user_id', verbs: ['select'] },
    { by: 'directory', rows: 'workspace_id = :workspace_id', verbs: ['select'] },
  ]),
  invitations: ofTenant(
    {
      hortus_api:
        'delete, insert, select, update(expires_at), update(invited_by), update(inviter_name), update(sent_at), ' +
        'update(sha256)',
    },
    [ofWorkspace, { by: 'user', rows: `email = ${ofEmail}`, verbs: ['select'] }],
  ),
  api_tokens: ofTenant({ hortus_api: 'delete, insert, select, update(last_used_at)' }),
  removal_receipts: {
    grants: {
      hortus_api:
        'insert, select, update(began_at), update(deleted_at), update(finished_at), update(object_bytes), ' +
        'update(objects), update(removed_runs), update(rows), update(slug), update(stopped_runs)',
      hortus_instance: 'select',
      hortus_remover: 'select, update(rows)',
    },
    doors: [
      { by: 'workspace', rows: 'id = :workspace_id' },
      { ...ofInstance, verbs: ['select'] },
      { by: 'removal', rows: 'id = :workspace_id' },
    ],
  },
  audit_log: ofTenant({ hortus_api: 'insert, select' }),

  artifacts: ofTenant(
    {
      hortus_api: ALL,
      hortus_search:
        'select(created_at), select(deleted_at), select(id), select(kind), select(name_key), select(status), ' +
        'select(tags), select(words), select(workspace_id)',
    },
    [ofWorkspace, ofSearch],
  ),
  artifact_tags: ofTenant({ hortus_api: 'delete, insert, select' }),
  vocabulary: ofTenant({ hortus_api: 'insert', hortus_search: 'select' }, [ofWorkspace, ofSearch]),
  versions: ofTenant({ hortus_api: 'insert, select, update', hortus_owner: ALL }, [
    ofWorkspace,
    { ...ofCounting, verbs: ['select'] },
  ]),
  workspace_usage: ofTenant(
    { hortus_api: 'insert(workspace_id), select, update(artifacts_max), update(bytes_max)', hortus_owner: ALL },
    [ofWorkspace, ofCounting],
  ),
  uploads: ofTenant(
    {
      hortus_api:
        'delete, insert, select, update(artifact_id), update(completed_at), update(expires_at), update(offset_bytes), ' +
        'update(size_bytes)',
      hortus_instance:
        'select(completed_at), select(expires_at), select(id), select(offset_bytes), select(workspace_id)',
    },
    [ofWorkspace, { ...ofInstance, verbs: ['select'] }],
  ),
  upload_parts: ofTenant({ hortus_api: 'delete, insert, select' }),
  variants: ofTenant({ hortus_api: 'insert, select' }),
  loose_objects: ofTenant({ hortus_api: 'delete, insert, select, update(since)' }),
  demo_keys: ofTenant({ hortus_api: 'insert, select' }),
  shares: ofTenant({ hortus_api: 'delete, insert, select' }),
  share_artifacts: ofTenant({ hortus_api: 'insert, select' }),
  idempotency_keys: ofTenant({ hortus_api: 'insert, select', hortus_instance: 'delete, select(created_at)' }, [
    { by: 'member', rows: 'workspace_id = :workspace_id and user_id = :user_id' },
    ofInstance,
  ]),

  events: ofTenant({ hortus_api: 'insert, select', hortus_instance: 'delete, select(created_at)' }, [
    ofWorkspace,
    ofInstance,
  ]),
  outbox: ofTenant(
    {
      hortus_api: 'insert',
      hortus_instance: 'delete, select, update(attempts), update(available_at)',
    },
    [ofWorkspace, ofInstance],
  ),
  mails: {
    grants: { hortus_api: 'insert', hortus_instance: 'delete, select, update(attempts), update(available_at)' },
    doors: [{ by: 'nothing', rows: 'true', verbs: ['insert'] }, ofInstance],
  },
};

/** Who may execute a function of ours that is not everybody's. */
export const FUNCTION_GRANTS: Readonly<Record<string, string>> = {
  'directory.find_member': 'hortus_api',
  'directory.find_member_id': 'hortus_api',
  'removal.remove_rows': 'hortus_api',
  'search.find_artifacts': 'hortus_api',
  'search.match_artifacts': 'hortus_api',
  'search.similar_words': 'hortus_api',
};
