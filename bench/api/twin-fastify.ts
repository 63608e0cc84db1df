import Fastify from 'fastify';
import { createVerifier } from 'fast-jwt';
import pg from 'pg';
import { APPEND_AUDIT, APPEND_EVENT, COLUMNS, THUMBNAILS } from './twin-sql.ts';

/**
 * Bare Fastify and pg: a token, the membership, the query, under the same row-level security. No schemas, no problem details, no
 * rate limits, no sessions.
 */
const { PORT = '', DATABASE_URL = '', JWT_KEY = '', POOL_MAX = '' } = process.env;
const types = new pg.TypeOverrides();
types.setTypeParser(20, Number);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_MAX), idleTimeoutMillis: 0, types });
const verify = createVerifier({ key: Buffer.from(JWT_KEY, 'hex'), algorithms: ['HS256'] });
const UUID = /^[0-9a-f-]{36}$/;

interface Claims {
  readonly sub: string;
  readonly sid: string;
}

interface Call {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Row = Readonly<Record<string, unknown>>;

async function inWorkspace<Result>(
  call: Call,
  work: (client: pg.PoolClient, claims: Claims) => Promise<Result>,
): Promise<Result | null> {
  const claims = verify(String(call.headers['authorization']).slice(7)) as Claims;
  const { sub } = claims;
  const workspaceId = String(call.headers['hortus-workspace']);
  if (!UUID.test(workspaceId) || !UUID.test(sub)) return null;
  const client = await pool.connect();
  try {
    await client.query(`begin; set local hortus.workspace_id = '${workspaceId}'`);
    const { rowCount } = await client.query('select role from memberships where workspace_id = $1 and user_id = $2', [
      workspaceId,
      sub,
    ]);
    const result = rowCount === 0 ? null : await work(client, claims);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

function present(row: Row): object {
  return {
    id: row['id'],
    name: row['name'],
    description: row['description'],
    tags: row['tags'],
    metadata: row['metadata'],
    kind: row['kind'],
    status: row['status'],
    failure: row['failure'],
    original:
      row['original_sha256'] === null
        ? null
        : {
            version: row['original_version'],
            contentType: row['original_content_type'],
            sizeBytes: row['original_size_bytes'],
            sha256: row['original_sha256'],
            uploadedAt: row['original_uploaded_at'],
          },
    picture: null,
    revision: row['revision'],
    createdAt: row['created_at'],
    updatedAt: row['updated_at'],
  };
}

const app = Fastify();
app.get('/api/v1/artifacts', async (request, reply) => {
  const { query } = request.query as { query?: string };
  const terms = query === undefined ? null : JSON.stringify([{ text: query, isExcluded: false, isPrefix: true }]);
  const answer = await inWorkspace(request, async (client) =>
    terms === null
      ? client.query<Row>(
          `select ${COLUMNS}, ${THUMBNAILS} from artifacts a where a.deleted_at is null order by a.id desc limit 21`,
        )
      : client.query<Row>(
          `select found.* from search.find_artifacts($1, '{}', null, null, null, null,
             'relevance', '', null, 21) with ordinality as hits (id, key, place),
             lateral (select ${COLUMNS}, ${THUMBNAILS} from artifacts a where a.id = hits.id limit 1) as found
           order by hits.place`,
          [terms],
        ),
  );
  if (answer === null) return reply.status(404).send();
  return {
    items: answer.rows.slice(0, 20).map(present),
    nextCursor: answer.rows.length > 20 ? answer.rows[19]?.['id'] : null,
  };
});

app.post('/api/v1/artifacts', async (request, reply) => {
  const { name, description = '', tags = [], metadata = {} } = request.body as Record<string, unknown>;
  const workspaceId = request.headers['hortus-workspace'];
  const row = await inWorkspace(request, async (client, { sub, sid }) => {
    const { rows } = await client.query<Row>(
      `insert into artifacts as a (workspace_id, name, description, tags, metadata) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [workspaceId, name, description, tags, metadata],
    );
    const [made = {}] = rows;
    await client.query(APPEND_EVENT, [workspaceId, made['id']]);
    await client.query(APPEND_AUDIT, [workspaceId, sub, sid, made['id'], request.body]);
    return made;
  });
  if (row === null) return reply.status(404).send();
  return reply.status(201).send(present(row));
});

await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.on('SIGTERM', () => process.exit());
