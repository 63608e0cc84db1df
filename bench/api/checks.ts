import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { BenchDatabase } from './database.ts';
import { requestOf } from './load.ts';
import type { BenchWorkspace } from './seed.ts';
import type { BenchApi } from './servers.ts';

interface Answer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly items?: readonly Record<string, unknown>[] };
}

async function call(api: BenchApi, request: string): Promise<Answer> {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines
    .map((line) => line.split(': ') as [string, string])
    .filter(([name]) => !['host', 'content-length'].includes(name));
  const response = await fetch(`http://127.0.0.1:${String(api.port)}${path}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function assertEqual(what: string, found: unknown, right: unknown): void {
  if (isDeepStrictEqual(found, right)) return;
  throw new Error(`${what}: ${JSON.stringify(found).slice(0, 500)} and not ${JSON.stringify(right).slice(0, 500)}`);
}

/** Refuses to measure servers that answer otherwise than SQL. */
export async function checkReads(
  apis: readonly BenchApi[],
  database: BenchDatabase,
  workspace: BenchWorkspace,
  words: readonly string[],
): Promise<void> {
  const newest = await database.query<{ id: string }>(
    'select id from artifacts where workspace_id = $1 and deleted_at is null order by id desc limit 20',
    [workspace.id],
  );
  let fields: readonly string[] | undefined;
  for (const api of apis) {
    const { status, body } = await call(api, requestOf(workspace, '/api/v1/artifacts'));
    assertEqual(`${api.name}, status of a list`, status, 200);
    assertEqual(
      `${api.name}, a list`,
      body.items?.map(({ id }) => id),
      newest.map(({ id }) => id),
    );
    const names = Object.keys(body.items?.[0] ?? {}).sort();
    fields ??= names;
    assertEqual(`${api.name}, fields of an artifact`, names, fields);
  }
  for (const word of words) {
    const right = await database.query<{ id: string }>(
      `select id from artifacts where workspace_id = $1 and deleted_at is null
         and regexp_split_to_array(hortus_fold(concat_ws(' ', name, description, array_to_string(tags, ' '), metadata::text)), ' ') @> array[$2]
       order by id limit 21`,
      [workspace.id, word],
    );
    for (const api of apis) {
      const { body } = await call(api, requestOf(workspace, `/api/v1/artifacts?query=${word}`));
      const ids = body.items?.map(({ id }) => String(id)) ?? [];
      // Whole where it fits one page; a page of more than fits is not the first ids.
      if (right.length <= 20)
        assertEqual(
          `${api.name}, a search for ${word}`,
          ids.toSorted(),
          right.map(({ id }) => id),
        );
      else assertEqual(`${api.name}, hits of a search for ${word}`, ids.length, 20);
    }
  }
}

async function countRows(database: BenchDatabase, workspaceId: string): Promise<Record<string, number>> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id' order by 1`,
  );
  const counts = await Promise.all(
    tables.map(({ name }) =>
      database.query<{ count: string }>(`select count(*) from ${name} where workspace_id = $1`, [workspaceId]),
    ),
  );
  return Object.fromEntries(tables.map(({ name }, index) => [name, Number(counts[index]?.[0]?.count)]));
}

/** Every server writes the same rows, and they are there when it says so. */
export async function checkCreate(
  apis: readonly BenchApi[],
  database: BenchDatabase,
  workspace: BenchWorkspace,
): Promise<void> {
  // The words and tags that all have are new to the workspace in this one alone.
  const [first] = apis;
  if (first !== undefined)
    await call(first, requestOf(workspace, '/api/v1/artifacts', { name: 'Check', tags: ['bench'] }));
  let right: unknown;
  for (const api of apis) {
    const before = await countRows(database, workspace.id);
    // A word that nobody has written yet, so that the vocabulary grows alike.
    const word = Array.from(randomBytes(12), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
    const { status, body } = await call(
      api,
      requestOf(workspace, '/api/v1/artifacts', { name: `Check ${word}`, tags: ['bench', 'x1'] }),
    );
    assertEqual(`${api.name}, status of a create`, status, 201);
    const found = await database.query('select 1 from artifacts where id = $1', [body.id]);
    assertEqual(`${api.name}, artifacts that are committed`, found.length, 1);
    const after = await countRows(database, workspace.id);
    const written = Object.fromEntries(
      Object.entries(after).map(([table, count]) => [table, count - (before[table] ?? 0)]),
    );
    right ??= written;
    assertEqual(`${api.name}, rows that a create writes`, written, right);
  }
}
