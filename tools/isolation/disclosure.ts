import type { Endpoint } from '@hortus/contracts/endpoint';
import { TEST_SERVICE_KEY, type TestApi } from '../test/fixtures/api.ts';
import type { TestDatabase } from '../test/fixtures/database.ts';
import { call, type Answer, type Asked } from './call.ts';
import type { Person, Place } from './places.ts';
import type { RequestSample } from './request-samples.ts';
import { THINGS, thingsOf, type Thing, type ThingKind, type Things } from './things.ts';

/** Makes one of every thing there is, so that the place has rows in every table. */
export async function fill(place: Place): Promise<void> {
  const things = thingsOf(place);
  for (const kind of Object.keys(THINGS) as ThingKind[]) await things.make(kind);
  // What no request can make for a place that lives on, or only by many steps.
  const { api, label, workspaceId, owner } = place;
  const literal = (text: string) => `'${text}'`;
  for (const sql of ROWS) {
    const values = { $workspace: workspaceId, $user: owner.id, $email: owner.email, $label: label };
    await api.database.query(sql.replaceAll(/\$\w+/g, (name) => literal(values[name as keyof typeof values])));
  }
}

const ROWS = [
  `insert into demo_keys (workspace_id, key) values ($workspace, $label)`,
  `insert into removal_receipts (id, slug, deleted_at) values ($workspace, $label, now())`,
  `insert into email_links (id, kind, email, user_id, address_block, expires_at)
     values (gen_random_uuid(), 'reset', $email, $user, $label, now())`,
  `insert into totp_secrets (user_id, sealed_secret) values ($user, '')`,
  `insert into recovery_codes (user_id, sha256) values ($user, $user)`,
  `insert into used_challenges (sha256, user_id, expires_at) values ($user, $user, now())`,
  `insert into upload_parts (workspace_id, upload_id, offset_bytes, size_bytes, object_key)
     select workspace_id, id, 0, 1, $label from uploads where workspace_id = $workspace limit 1`,
];

/** All rows of the workspace and of its people, as one text that tells whether anything of them has changed. */
export async function readRows(database: TestDatabase, workspaceId: string): Promise<Record<string, unknown>[]> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'workspace_id'
       -- Sums over its things, of which more and more are made here.
       and table_name <> 'workspace_usage' order by 1`,
  );
  const selects = [
    ...tables.map(({ name }) => `select to_jsonb(t) as row from ${name} t where workspace_id = $1`),
    `select to_jsonb(t) from workspaces t where id = $1`,
    `select to_jsonb(t) from users t where id in (select user_id from memberships where workspace_id = $1)`,
    `select to_jsonb(t) from sessions t where user_id in (select user_id from memberships where workspace_id = $1)`,
  ];
  const rows = await database.query<{ row: Record<string, unknown> }>(
    `select row from (${selects.join(' union all ')}) as rows order by row::text`,
    [workspaceId],
  );
  return rows.map(({ row }) => row);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

const TELLING = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^[0-9a-f]{32,}$/i;

/** What would give the place away wherever else it stands: its ids, its hashes, and each text that has its label. */
export function canariesIn(rows: readonly Record<string, unknown>[], label: string): string[] {
  const texts = textsIn(rows).filter((text) => TELLING.test(text) || text.toLowerCase().includes(label.toLowerCase()));
  return [...new Set(texts)];
}

/** The canaries in an answer that its caller had not sent. */
export function findCanaries(answer: Answer, asked: unknown, canaries: readonly string[]): string[] {
  const told = `${JSON.stringify(answer.headers)} ${answer.body}`.toLowerCase();
  const sent = JSON.stringify(asked).toLowerCase();
  return canaries.filter((canary) => told.includes(canary.toLowerCase()) && !sent.includes(canary.toLowerCase()));
}

/** What a request came to: its answer without what is new in every answer, and each statement that the database got. */
export interface Trace {
  readonly answer: Answer;
  readonly comparable: string;
  readonly statements: readonly string[];
}

const NEW_EACH_TIME = ['hortus-request-id', 'date', 'content-length'];
const MASKS: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  // Each request is by a person of its own.
  [/ person [0-9a-f]{8}/g, ' person'],
];

function comparable({ status, headers, body }: Answer, asked: Asked): string {
  const kept = Object.entries(headers).filter(
    ([name]) => !NEW_EACH_TIME.includes(name) && !name.startsWith('ratelimit'),
  );
  let text = JSON.stringify([status, kept.sort(), body]);
  for (const sent of textsIn(asked).filter((value) => value.length > 3)) text = text.replaceAll(sent, '<sent>');
  for (const [pattern, mask] of MASKS) text = text.replaceAll(pattern, mask);
  return text;
}

/** Asks as the person, or as the product where only that may; nothing else may ask at the same time. */
export async function trace(
  api: TestApi,
  request: { endpoint: Endpoint; asked: Asked; workspaceId: string; person: Person },
): Promise<Trace> {
  const { endpoint, asked, workspaceId, person } = request;
  const bearer = endpoint.config.access === 'service' ? TEST_SERVICE_KEY : person.accessToken;
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }) => void statements.push(sql);
  api.knex.on('query', note);
  try {
    const headers = { authorization: `Bearer ${bearer}`, 'hortus-workspace': workspaceId };
    const answer = await call(api.app, endpoint, asked, headers);
    return { answer, comparable: comparable(answer, asked), statements };
  } finally {
    api.knex.removeListener('query', note);
  }
}

/** The request of a sample on things of one place, in the workspace of another. */
export function askFor(sample: RequestSample, workspaceId: string, things: Things, person: Person): Promise<Asked> {
  return Promise.resolve(sample.ask({ workspaceId, make: things.make.bind(things) }, person));
}

/** Notes what of the things is named that belongs to their place. */
export function naming(things: Things): { things: Things; named: Set<ThingKind> } {
  const named = new Set<ThingKind>();
  return {
    named,
    things: {
      workspaceId: things.workspaceId,
      make(kind) {
        const { isAnybodys }: Thing = THINGS[kind];
        if (isAnybodys !== true) named.add(kind);
        return things.make(kind);
      },
    },
  };
}

/** What tells two requests apart that differ only in what they name; none where nothing does. */
export function compareTraces(foreign: Trace, never: Trace): string[] {
  const said = ({ statements }: Trace) => `${String(statements.length)} statements (${statements.join(' | ')})`;
  return [
    ...(foreign.comparable === never.comparable ? [] : [`${foreign.comparable} is not ${never.comparable}`]),
    ...(foreign.statements.length === never.statements.length ? [] : [`${said(foreign)} are not ${said(never)}`]),
  ];
}
