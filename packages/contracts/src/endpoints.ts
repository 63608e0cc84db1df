import type { TSchema } from 'typebox';
import * as artifactShapes from './artifact.ts';
import * as accounts from './account-api.ts';
import * as artifacts from './artifact-api.ts';
import * as batches from './artifact-batch-api.ts';
import * as audit from './audit-api.ts';
import * as auth from './auth-api.ts';
import * as delivery from './delivery-api.ts';
import type { Endpoint } from './endpoint.ts';
import * as errors from './errors.ts';
import * as events from './event-api.ts';
import * as factors from './factor-api.ts';
import * as health from './health-api.ts';
import * as internal from './internal-api.ts';
import * as invitations from './invitation-api.ts';
import * as receipts from './receipt-api.ts';
import * as removals from './removal-api.ts';
import * as openId from './open-id-api.ts';
import * as passkeys from './passkey-api.ts';
import * as shares from './share-api.ts';
import * as quota from './quota-api.ts';
import * as tags from './tag-api.ts';
import * as tokens from './token-api.ts';
import * as uploads from './upload-api.ts';
import * as trash from './trash-api.ts';
import * as versions from './version-api.ts';
import * as workspaceShapes from './workspace.ts';
import * as workspaces from './workspace-api.ts';
import * as workspaceResources from './workspace-resource-api.ts';

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'url' in value && 'config' in value;
}

const MODULES = [
  accounts,
  artifacts,
  audit,
  auth,
  batches,
  delivery,
  events,
  factors,
  health,
  internal,
  invitations,
  removals,
  openId,
  passkeys,
  quota,
  receipts,
  shares,
  tags,
  tokens,
  uploads,
  trash,
  versions,
  workspaces,
  workspaceResources,
];

/** Every operation, found by its shape, so that a new constant can't be forgotten here. */
export const ENDPOINTS: readonly Endpoint[] = MODULES.flatMap((api) => Object.values(api).filter(isEndpoint));

function isShape(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && '~kind' in value && 'properties' in value;
}

/** Every shape of an object that has a name, by that name. */
export const SHAPES: Readonly<Record<string, TSchema>> = Object.fromEntries(
  [errors, workspaceShapes, artifactShapes, ...MODULES].flatMap((module) =>
    Object.entries(module as Record<string, unknown>).filter((entry): entry is [string, TSchema] => isShape(entry[1])),
  ),
);
