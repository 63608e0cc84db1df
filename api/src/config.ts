import { Type } from 'typebox';
import { REGISTRATIONS } from '@hortus/contracts/account-api';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '@hortus/contracts/auth-api';
import { Port, ServiceVariables, type Config } from '@hortus/service/config';
import { ObjectStoreVariables } from '@hortus/service/object-store-config';

/** Characters that a bearer token may have (RFC 6750 §2.1), since one of the keys travels as one. */
const Key = (description: string) => Type.String({ minLength: 32, pattern: '^[A-Za-z0-9._~+/=-]+$', description });

const Account = (program: string, fallback: string) =>
  Type.String({
    default: fallback,
    pattern: '^[a-z0-9-]+/[a-z0-9.-]+$',
    description: `Service account of the ${program}, as <namespace>/<name>; default ${fallback}`,
  });

const Rate = (fallback: number, description: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    default: fallback,
    description: `${description}; default ${String(fallback)}`,
  });

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
  HORTUS_SERVICE_KEY: Type.Optional(
    Key(
      'Key by which worker and operator sign in outside of a cluster: 32 random bytes as base64url or hexadecimal; needed ' +
        'where HORTUS_CLUSTER_ISSUER is not set',
    ),
  ),
  HORTUS_CLUSTER_ISSUER: Type.Optional(
    Type.String({
      pattern: '^https?://[^ ]*[^ /]$',
      description:
        'Issuer of the service account tokens by which worker and operator sign in, as the API server has it ' +
        '(--service-account-issuer); their audience is hortus-api; none by default',
    }),
  ),
  HORTUS_CLUSTER_KEYS_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'Where the keys of that issuer are; default <HORTUS_CLUSTER_ISSUER>/openid/v1/jwks',
    }),
  ),
  HORTUS_CLUSTER_CA_FILE: Type.Optional(
    Type.String({ minLength: 1, description: 'Authority of the certificate there; what the system trusts by default' }),
  ),
  HORTUS_CLUSTER_TOKEN_FILE: Type.Optional(
    Type.String({ minLength: 1, description: 'Token to ask for the keys with, read anew each time; none by default' }),
  ),
  HORTUS_OPERATOR_ACCOUNT: Account('operator', 'hortus-system/hortus-operator'),
  HORTUS_WORKER_ACCOUNT: Account('worker', 'hortus-system/hortus-worker'),
  HORTUS_TEMPORAL_ADDRESS: Type.String({ default: '127.0.0.1:7233', description: 'Temporal; default 127.0.0.1:7233' }),
  HORTUS_TEMPORAL_NAMESPACE: Type.String({ default: 'hortus', description: "Temporal's namespace; default hortus" }),
  HORTUS_TEMPORAL_UI_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: "Address of Temporal's page, for links; none by default" }),
  ),
  ...ObjectStoreVariables,
  HORTUS_WEB_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: 'Folder of the built web app; not served by default' }),
  ),
  HORTUS_UPLOAD_MAX_BYTES: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 100 * 1024 * 1024,
    description: 'Largest upload in bytes; default 104857600 (100 MiB)',
  }),
  HORTUS_UPLOAD_KEPT_HOURS: Type.Integer({
    minimum: 1,
    maximum: 8760,
    default: 24,
    description: 'How long a resumable upload is kept after its last bytes, in hours; default 24',
  }),
  HORTUS_TRASH_KEPT_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'After how many days in the trash an artifact is deleted for good; default 30',
  }),
  HORTUS_SESSION_LIFETIME_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'After how many days a session ends, however it is used; default 30',
  }),
  HORTUS_SESSION_IDLE_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 14,
    description: 'After how many days without use a session ends; default 14',
  }),
  HORTUS_OIDC_ISSUER: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description:
        'Provider (OpenID Connect) that people can sign in at, by its issuer; https, or http on this machine. Its redirect ' +
        'address is <HORTUS_PUBLIC_URL>/api/v1/auth/openid/callback; none by default',
    }),
  ),
  HORTUS_OIDC_CLIENT_ID: Type.String({
    minLength: 1,
    default: 'hortus',
    description: 'How the provider knows this Hortus; default hortus',
  }),
  HORTUS_OIDC_CLIENT_SECRET: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Secret of the client, sent as client_secret_basic; none for a public client',
    }),
  ),
  HORTUS_OIDC_NAME: Type.String({
    minLength: 1,
    maxLength: 60,
    default: 'single sign-on',
    description: 'What people call the provider; default single sign-on',
  }),
  HORTUS_REGISTRATION: Type.Enum([...REGISTRATIONS], {
    default: 'open',
    description: 'Who may make an account: everybody, only whoever is invited to a workspace, or nobody; default open',
  }),
  HORTUS_SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      description:
        'Mail server: smtp://<user>:<password>@<host>:<port>, or smtps:// where it speaks TLS from the start; without ' +
        'it no mail is sent, and what needs one is refused (MAIL_NOT_SET_UP)',
    }),
  ),
  HORTUS_MAIL_FROM: Type.Optional(
    Type.String({
      minLength: 3,
      pattern: '^[^\\r\\n]+$',
      description:
        'Sender of mails, such as `Hortus <hortus@example.com>`; default noreply@ the host of HORTUS_PUBLIC_URL',
    }),
  ),
  HORTUS_WORKSPACE_GRACE_DAYS: Type.Integer({
    minimum: 0,
    maximum: 3650,
    default: 30,
    description: 'For how many days a deleted workspace can be restored before it is removed for good; default 30',
  }),
  HORTUS_TRUSTED_PROXIES: Type.Optional(
    Type.String({
      // proxy-addr's form: addresses and blocks, or its names for blocks.
      pattern:
        '^ *([0-9a-fA-F.:]+(/[0-9]{1,3})?|loopback|linklocal|uniquelocal)( *, *([0-9a-fA-F.:]+(/[0-9]{1,3})?|loopback|linklocal|uniquelocal))* *$',
      description:
        'Proxies whose X-Forwarded-For, -Host and -Proto are believed: addresses, blocks, or loopback, linklocal, uniquelocal, ' +
        'separated by commas; none by default',
    }),
  ),
  HORTUS_REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      description: 'Redis 7 or newer, in which the replicas count requests together; each counts alone by default',
    }),
  ),
  HORTUS_RATE_PER_ADDRESS: Rate(6000, 'Requests a minute from one network address'),
  HORTUS_RATE_PER_ADDRESS_SIGNED_OUT: Rate(300, 'Of these, requests a minute that need no sign-in'),
  HORTUS_RATE_PER_CALLER: Rate(3000, 'Requests a minute of one session or API token'),
  HORTUS_LOOP_DELAY_MAX_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 1000,
    description:
      'Mean delay of the event loop above which requests are turned away with 503, in milliseconds; 0 for never; default 1000',
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
