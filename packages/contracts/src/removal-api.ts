import { Type, type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Page, PageQuery } from './pagination.ts';
import { Timestamp, Uuid } from './text.ts';

/** Rows that one call deletes at the most. */
export const REMOVAL_BATCH_ROWS = 1000;

const Count = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const counts = {
  objects: Count('Objects that lay in the object store'),
  objectBytes: Count('Their size in bytes'),
  stoppedRuns: Count('Workflow runs that were under way and were ended'),
  removedRuns: Count('Workflow runs whose histories were deleted'),
};

/** What remains of a removed workspace. */
export const RemovalReceipt = Type.Object(
  {
    id: Uuid('The workspace that was removed'),
    slug: Type.String({ description: 'Its name in addresses, which is free again' }),
    deletedAt: Timestamp('When an owner deleted it'),
    beganAt: Timestamp('When its removal began'),
    finishedAt: Type.Union([Timestamp('When nothing was left'), Type.Null()], {
      description: 'When nothing was left; null while it is being removed',
    }),
    rows: Type.Record(Type.String(), Type.Integer(), { description: 'Deleted rows by table' }),
    ...counts,
  },
  { description: 'What was removed with a workspace, in numbers' },
);
export type RemovalReceipt = Static<typeof RemovalReceipt>;

const tags = ['Internal'];
const params = Type.Object({ workspaceId: Uuid('The workspace') }, { additionalProperties: false });
const denied = { 400: Problem, 401: Problem } as const;
const url = '/internal/v1/workspaces/:workspaceId/removal';

export const beginRemoval = {
  method: 'POST',
  url,
  schema: {
    operationId: 'beginRemoval',
    summary: 'Begin to remove a deleted workspace whose time of grace is over; it can no longer be restored',
    tags,
    params,
    response: {
      200: Type.Object(
        {
          isDue: Type.Boolean({
            description: 'False where it was restored, or is not known: then nothing is to be done',
          }),
        },
        { description: 'Whether to go on' },
      ),
      ...denied,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const removeRows = {
  method: 'POST',
  url: `${url}/rows`,
  schema: {
    operationId: 'removeRows',
    summary: 'Delete some rows of a workspace whose removal has begun, in the end the workspace itself',
    tags,
    params,
    response: {
      200: Type.Object(
        { isDone: Type.Boolean({ description: 'Whether nothing is left; else ask again' }) },
        { description: 'Whether nothing is left' },
      ),
      ...denied,
      404: Problem,
    },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const finishRemoval = {
  method: 'PUT',
  url: `${url}/receipt`,
  schema: {
    operationId: 'finishRemoval',
    summary: 'Complete the receipt of a removed workspace',
    tags,
    params,
    body: Type.Object(counts, { additionalProperties: false }),
    response: { 200: RemovalReceipt, ...denied, 404: Problem },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;

export const listRemovals = {
  method: 'GET',
  url: '/internal/v1/removals',
  schema: {
    operationId: 'listRemovals',
    summary: 'The receipts of removed workspaces, by id',
    tags,
    querystring: PageQuery,
    response: { 200: Page(RemovalReceipt), ...denied },
  },
  config: { access: 'service' },
} as const satisfies Endpoint;
