import { CATALOG_LINTS, FUNCTION_GRANTS_SQL, GRANTS_SQL, type CatalogLint } from './catalog-lints.ts';
import type { SqlSession } from './sql-session.ts';
import { FUNCTION_GRANTS, WALLS } from './walls.ts';

/** What the lint finds, but for what is accepted; and what is accepted and not found any more. */
export async function runLint(session: SqlSession, { sql, accepted = {} }: CatalogLint): Promise<string[]> {
  const rows = await session.rows<{ found: string }>(sql);
  const found = [...new Set(rows.map((row) => row.found))].sort();
  const gone = Object.keys(accepted).filter((name) => !found.includes(name));
  return [...found.filter((name) => !(name in accepted)), ...gone.map((name) => `${name} (accepted, and not there)`)];
}

/** Where the grants of the catalog and those of `walls.ts` differ, as the entry would have to be. */
export async function compareGrants(session: SqlSession): Promise<string[]> {
  const rows = await session.rows<{ table: string; role: string; verbs: string }>(GRANTS_SQL);
  const actual = new Map<string, string>(rows.map(({ table, role, verbs }) => [`${table} ${role}`, verbs]));
  const said = new Map<string, string>(
    Object.entries(WALLS).flatMap(([table, { grants }]) =>
      Object.entries(grants)
        .filter(([role]) => role !== 'hortus_owner')
        .map(([role, verbs]) => [`${table} ${role}`, verbs] as const),
    ),
  );
  for (const { name, roles } of await session.rows<{ name: string; roles: string }>(FUNCTION_GRANTS_SQL)) {
    actual.set(`${name}()`, roles);
  }
  for (const [name, roles] of Object.entries(FUNCTION_GRANTS)) said.set(`${name}()`, roles);
  return [...new Set([...actual.keys(), ...said.keys()])]
    .filter((key) => actual.get(key) !== said.get(key))
    .map(
      (key) => `${key}: '${actual.get(key) ?? 'nothing'}' in the catalog, '${said.get(key) ?? 'nothing'}' in walls.ts`,
    );
}

/** Tables that are not walled as every table is. */
export async function findUnwalled(session: SqlSession): Promise<string[]> {
  const lint = CATALOG_LINTS.find(({ name }) => name.includes('(0013)'));
  if (lint === undefined) throw new Error('there is no lint for row-level security');
  return runLint(session, lint);
}
