import { Port, ServiceVariables, readConfig, type Config } from '@hortus/service/config';
import { Type } from 'typebox';

/** The variables of the operator. */
export const OperatorVariables = Type.Object({
  ...ServiceVariables,
  HORTUS_ADMIN_PORT: Port(9082, 'Port of /livez, /readyz and /metrics'),
  HORTUS_API_URL: Type.String({
    pattern: '^https?://[^/]+$',
    default: 'http://127.0.0.1:8080',
    description: 'Where the api is, without a path; default http://127.0.0.1:8080',
  }),
  HORTUS_SERVICE_KEY: Type.Optional(
    Type.String({
      minLength: 32,
      description:
        'The key by which the operator proves to the api that it is one of its own programs, outside of a cluster',
    }),
  ),
  HORTUS_SERVICE_TOKEN_FILE: Type.Optional(
    Type.String({
      description:
        'A file with the token of a service account for the audience hortus-api; instead of the key, in a cluster',
    }),
  ),
  HORTUS_OPERATOR_NAMESPACE: Type.String({
    default: 'default',
    description:
      'The namespace of the lease by which one of several operators leads; Hortus runs there too; default default',
  }),
  HORTUS_SHARED_NAMESPACE: Type.Optional(
    Type.String({
      description:
        'Where ConfigMaps and Secrets lie that workspaces may have copies of; default HORTUS_OPERATOR_NAMESPACE',
    }),
  ),
  HORTUS_USER_PREFIX: Type.String({
    default: '',
    description:
      'What the cluster puts before the address of a person who signs in (--oidc-username-prefix); default nothing',
  }),
  HORTUS_GARDENER_IMAGE: Type.Optional(
    Type.String({ description: 'The image of gardeners in namespaces of their own; without it there are none' }),
  ),
  HORTUS_OPERATOR_WORKERS: Type.Integer({
    minimum: 1,
    maximum: 256,
    default: 32,
    description: 'Workspaces that are worked on at the same time; default 32',
  }),
  HORTUS_OPERATOR_REQUESTS_PER_SECOND: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 500,
    description: 'Requests to the API server per second, at the most, twice as many at once; default 500',
  }),
});

export type OperatorConfig = Omit<Config<typeof OperatorVariables>, 'sharedNamespace'> & {
  readonly sharedNamespace: string;
};

export function readOperatorConfig(env: NodeJS.ProcessEnv): OperatorConfig {
  const config = readConfig(OperatorVariables, env, 'operator/README.md');
  return { ...config, sharedNamespace: config.sharedNamespace ?? config.operatorNamespace };
}
