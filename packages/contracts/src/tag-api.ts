import { Type, type Static } from 'typebox';
import { Tag } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Text } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

const tags = ['Tags'];
const headers = WorkspaceHeaders;
const denied = { 400: Problem, 401: Problem, 404: Problem, 429: Problem } as const;

export const TAG_LIMIT_DEFAULT = 20;

/** Artifacts of a tag that are counted at the most. */
export const TAG_COUNTED_MAX = 1000;

/** Artifacts on which a tag can be renamed at once. */
export const TAG_RENAMED_MAX = 10_000;

export const TagCount = Type.Object(
  {
    tag: Tag,
    count: Type.Integer({ description: `How many artifacts have it, ${String(TAG_COUNTED_MAX)} at the most` }),
  },
  { description: 'A tag of the workspace' },
);
export type TagCount = Static<typeof TagCount>;

export const listTags = {
  method: 'GET',
  url: '/api/v1/tags',
  schema: {
    operationId: 'listTags',
    summary: 'The tags of the workspace, most frequent first',
    description: 'Without a `prefix` those that are used most on the newest artifacts.',
    tags,
    headers,
    querystring: Type.Object(
      {
        prefix: Type.Optional(
          Text({ maxLength: 50, description: 'How the tag begins; case, accents and punctuation do not matter' }),
        ),
        limit: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 100,
            default: TAG_LIMIT_DEFAULT,
            description: `How many tags at the most; default ${String(TAG_LIMIT_DEFAULT)}`,
          }),
        ),
      },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({ items: Type.Array(TagCount, { description: 'The tags' }) }, { description: 'Tags' }),
      ...denied,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;

export const renameTag = {
  method: 'PATCH',
  url: '/api/v1/tags/:tag',
  schema: {
    operationId: 'renameTag',
    summary: 'Rename a tag on every artifact that has it',
    description:
      'On all of them or on none. An artifact that has the new tag already keeps one of it, so that two tags can be merged. ' +
      'Each artifact gets a new revision and an event; those in the trash keep what they have. A tag has no revision of ' +
      'its own, so no `If-Match` is asked for.',
    tags,
    headers,
    params: Type.Object({ tag: Tag }, { additionalProperties: false }),
    body: Type.Object(
      { name: Tag },
      { additionalProperties: false, description: 'The new name; one that exists already merges the two' },
    ),
    response: { 200: TagCount, ...denied, 409: Problem, 413: Problem },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
