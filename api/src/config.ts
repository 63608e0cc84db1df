import { Type } from 'typebox';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '@hortus/contracts/auth-api';
import { Port, ServiceVariables, type Config } from '@hortus/service/config';

/** Characters that a bearer token may have (RFC 6750 §2.1), since one of the keys travels as one. */
const Key = (description: string) => Type.String({ minLength: 32, pattern: '^[A-Za-z0-9._~+/=-]+$', description });

export const ApiVariables = Type.Object({
  ...ServiceVariables,
  HORTUS_PORT: Port(8080, 'Public port'),
  HORTUS_ADMIN_PORT: Port(9080, 'Port of /livez, /readyz and /metrics'),
  HORTUS_PUBLIC_URL: Type.String({
    default: 'http://localhost:8080',
    pattern: '^https?://[^/]+$',
    description: 'Where browsers find the product, without a path; default http://localhost:8080',
  }),
  HORTUS_DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description:
      'PostgreSQL address with the role hortus_api: postgres://hortus_api:<password>@<host>:<port>/<database>',
  }),
  HORTUS_DATABASE_POOL_MAX: Type.Integer({
    minimum: 2,
    maximum: 200,
    default: 20,
    description: 'Database connections at the most; default 20',
  }),
  HORTUS_SECRET_KEY: Key(
    'Key for access tokens, refresh tokens and signed addresses: 32 random bytes as base64url or hexadecimal',
  ),
  HORTUS_SERVICE_KEY: Key('Key by which worker and operator sign in: 32 random bytes as base64url or hexadecimal'),
  HORTUS_TEMPORAL_ADDRESS: Type.String({ default: '127.0.0.1:7233', description: 'Temporal; default 127.0.0.1:7233' }),
  HORTUS_TEMPORAL_NAMESPACE: Type.String({ default: 'hortus', description: "Temporal's namespace; default hortus" }),
  HORTUS_TEMPORAL_UI_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: "Address of Temporal's page, for links; none by default" }),
  ),
  HORTUS_OBJECTS_FOLDER: Type.String({ minLength: 1, description: 'Folder of originals and variants' }),
  HORTUS_WEB_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: 'Folder of the built web app; not served by default' }),
  ),
  HORTUS_UPLOAD_MAX_BYTES: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 100 * 1024 * 1024,
    description: 'Largest upload in bytes; default 104857600 (100 MiB)',
  }),
  HORTUS_DEMO_PASSWORD: Type.Optional(
    Type.String({
      minLength: PASSWORD_LENGTH_MIN,
      maxLength: PASSWORD_LENGTH_MAX,
      description: 'Password of the people of the demo, 8 to 128 characters; without it no demo can be seeded',
    }),
  ),
});
export type ApiConfig = Config<typeof ApiVariables>;

export const MigrateVariables = Type.Object({
  HORTUS_LOG_LEVEL: ServiceVariables.HORTUS_LOG_LEVEL,
  HORTUS_DATABASE_OWNER_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'PostgreSQL address with a role that may make roles and owns the schema',
  }),
  HORTUS_API_DATABASE_PASSWORD: Type.String({ minLength: 8, description: 'Password that the role hortus_api gets' }),
});
