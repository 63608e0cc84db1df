import type { Attempt, SqlSession } from './sql-session.ts';
import { SCOPES, VERBS, WALLS, type Verb, type Wall, type WallScope } from './walls.ts';

/** Values of the settings, all of one workspace; there must be another one beside it. */
export type WallSettings = Readonly<Record<'workspace_id' | 'user_id' | 'email' | 'link_id' | 'identity', string>>;

interface Column {
  readonly name: string;
  readonly isGenerated: boolean;
}

/** What of a verb is granted: all columns, some, or nothing. */
export function columnsGranted(wall: Wall, role: string, verb: Verb): 'all' | readonly string[] {
  const grants = (wall.grants[role] ?? '').split(', ');
  if (grants.includes(verb)) return 'all';
  return grants.flatMap((grant) => (grant.startsWith(`${verb}(`) ? [grant.slice(verb.length + 1, -1)] : []));
}

/** The condition of the rows that the doors of a scope open for a verb. */
function rowsBehindDoors(wall: Wall, scope: WallScope, verb: Verb, settings: WallSettings): string {
  const { role, settings: carried } = SCOPES[scope];
  const carries = (name: string) => carried.some((one) => one === name);
  const conditions = wall.doors
    .filter(({ by }) => SCOPES[by].role === role && SCOPES[by].settings.every(carries))
    .filter(({ verbs = VERBS }) => verbs.includes(verb))
    .map(({ rows }) => `(${rows.replaceAll(/:(\w+)/g, (_, name: keyof WallSettings) => `'${settings[name]}'`)})`);
  return conditions.length === 0 ? 'false' : conditions.join(' or ');
}

/** The condition of the rows with which the scope may do this. */
function rowsOf(wall: Wall, scope: WallScope, verb: Verb, settings: WallSettings): string {
  const isGranted = columnsGranted(wall, SCOPES[scope].role, verb).length > 0;
  return isGranted ? rowsBehindDoors(wall, scope, verb, settings) : 'false';
}

function describe(attempt: Attempt): string {
  return 'rows' in attempt ? `${String(attempt.rows)} rows` : `${attempt.code} ${attempt.message}`;
}

/** Stopped by the wall itself; a key that is taken or a row that others point at says that the wall let it through. */
function isWalled(attempt: Attempt): boolean {
  return 'rows' in attempt ? attempt.rows === 0 : attempt.code === '42501';
}

async function columnsOf(session: SqlSession, table: string): Promise<Column[]> {
  return session.rows<Column & Record<string, unknown>>(
    `select attname as name, attgenerated <> '' or attidentity = 'a' as "isGenerated" from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
}

/** Tries every verb on one table by one scope. Says what is open that should be shut, and what is shut that should be open. */
async function probeScope(
  session: SqlSession,
  table: string,
  scope: WallScope,
  settings: WallSettings,
): Promise<string[]> {
  const wall = WALLS[table];
  if (wall === undefined) return [`${table} has no entry in walls.ts`];
  const { role, settings: carried } = SCOPES[scope];
  const findings: string[] = [];
  const columns = await columnsOf(session, table);
  const expected = async (verb: Verb) => {
    const [row] = await session.rows<{ own: number; all: number }>(
      `select count(*) filter (where ${rowsOf(wall, scope, verb, settings)})::int as own, count(*)::int as all from ${table}`,
    );
    return row ?? { own: 0, all: 0 };
  };
  const asScope = (sql: string, values: unknown[] = []) =>
    session.undone(async () => {
      const set = carried.map((name) => `set local hortus.${name} = '${settings[name]}'; `).join('');
      await session.rows(`${set}set local role ${role}`);
      return session.attempt(sql, values);
    });
  const say = (verb: string, attempt: Attempt, wanted: string) =>
    findings.push(`${verb} on ${table} by ${scope}: ${describe(attempt)}, where ${wanted}`);
  const changeable = (verb: 'insert' | 'update') => {
    const granted = columnsGranted(wall, role, verb);
    const wide = columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
    return granted === 'all' || granted.length === 0 ? wide : granted;
  };

  const statements = {
    select: `select count(*) as count${selectList(columnsGranted(wall, role, 'select'))} from ${table}`,
    update: `update ${table} set ${changeable('update').map((name) => `${name} = ${name}`).join(', ')}`, // prettier-ignore
    delete: `delete from ${table}`,
  };
  for (const verb of ['select', 'update', 'delete'] as const) {
    const { own } = await expected(verb);
    const attempt = await asScope(statements[verb]);
    const isThrough = 'rows' in attempt ? attempt.rows === own : !isWalled(attempt);
    if (own === 0 ? !isWalled(attempt) : !isThrough) say(verb, attempt, `${String(own)} rows are its own`);
  }
  findings.push(
    ...(await probeInsert(session, { table, wall, scope, settings, columns: changeable('insert'), asScope })),
  );
  if (columns.some(({ name }) => name === 'workspace_id')) {
    const attempt = await asScope(`update ${table} set workspace_id = gen_random_uuid()`);
    if (!isWalled(attempt)) say('moving out', attempt, 'a row stays in its workspace');
  }
  return findings;
}

/** Every column that may be read is read, so that each of the grants is needed. */
function selectList(granted: 'all' | readonly string[]): string {
  return granted === 'all' || granted.length === 0
    ? ''
    : `, ${granted.map((name) => `count(${name}) as "of ${name}"`).join(', ')}`;
}

/** A copy of a row: its own is stopped by nothing but a key that is taken, another's by the wall. */
async function probeInsert(
  session: SqlSession,
  probe: {
    table: string;
    wall: Wall;
    scope: WallScope;
    settings: WallSettings;
    columns: readonly string[];
    asScope: (sql: string, values: unknown[]) => Promise<Attempt>;
  },
): Promise<string[]> {
  const { table, wall, scope, settings, columns, asScope } = probe;
  const condition = rowsOf(wall, scope, 'insert', settings);
  const list = columns.join(', ');
  const findings: string[] = [];
  for (const isOwn of [true, false]) {
    const [copy] = await session.rows<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t where (${condition}) is ${isOwn ? 'true' : 'not true'} limit 1`,
    );
    if (copy === undefined) continue;
    const attempt = await asScope(
      `insert into ${table} (${list}) select ${list} from jsonb_populate_record(null::${table}, $1::jsonb)`,
      [copy.row],
    );
    if (isWalled(attempt) !== isOwn) continue;
    findings.push(
      `insert on ${table} by ${scope}: ${describe(attempt)}, where the row is ${isOwn ? 'its own' : 'not its own'}`,
    );
  }
  return findings;
}

/** Tries all verbs on the tables by all scopes, or by those of some roles; nothing of it stays. */
export async function probeWalls(
  session: SqlSession,
  settings: WallSettings,
  { tables, roles }: { tables: readonly string[]; roles?: readonly string[] },
): Promise<string[]> {
  const scopes = (Object.keys(SCOPES) as WallScope[]).filter((scope) => roles?.includes(SCOPES[scope].role) ?? true);
  const findings: string[] = [];
  for (const table of tables) {
    for (const scope of scopes) findings.push(...(await probeScope(session, table, scope, settings)));
  }
  return findings;
}

/** Tables in which the probe could see nothing, since one of the two sides has no rows. */
export async function findBareTables(session: SqlSession, settings: WallSettings): Promise<string[]> {
  const bare: string[] = [];
  for (const [table, wall] of Object.entries(WALLS)) {
    const scope = (['workspace', 'member', 'user', 'instance'] as const).find((one) =>
      wall.doors.some(({ by }) => by === one),
    );
    const own = scope === undefined ? 'true' : rowsBehindDoors(wall, scope, 'select', settings);
    const [row] = await session.rows<{ own: number; others: number }>(
      `select count(*) filter (where ${own})::int as own, count(*) filter (where (${own}) is not true)::int as others from ${table}`,
    );
    const { own: owned = 0, others = 0 } = row ?? {};
    if (owned === 0 || (others === 0 && scope !== 'instance')) bare.push(table);
  }
  return bare;
}
