import { Type, type Static } from 'typebox';
import { Artifact } from './artifact.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { Uuid } from './text.ts';
import { WorkspaceHeaders } from './workspace.ts';

/** What of a workspace a page may show, other than its artifacts. */
export const WORKSPACE_PARTS = ['workspace', 'members', 'invitations', 'apiTokens', 'shares', 'tags'] as const;
export type WorkspacePart = (typeof WORKSPACE_PARTS)[number];

/**
 * What `GET /api/v1/events` sends: the SSE field `event` is the `type`, `id` is the number to resume behind
 * (`Last-Event-ID`), `data` is this object as JSON.
 */
export const LiveEvent = Type.Union(
  [
    Type.Object({
      type: Type.Literal('artifact.changed', { description: 'It is new, or something of it changed' }),
      artifact: Artifact,
    }),
    Type.Object({
      type: Type.Literal('artifact.deleted', { description: 'It is gone' }),
      artifactId: Uuid('The artifact that was deleted'),
    }),
    Type.Object({
      type: Type.Literal('workspace.changed', { description: 'Something else of the workspace changed' }),
      part: Type.Enum(WORKSPACE_PARTS as unknown as WorkspacePart[], {
        description: 'What to load anew, where you show it',
      }),
    }),
    Type.Object({
      type: Type.Literal('reset', {
        description: 'What happened since the given `Last-Event-ID` is no longer known: load anew what you show',
      }),
    }),
  ],
  { description: 'Something that happened in the workspace' },
);
export type LiveEvent = Static<typeof LiveEvent>;

export const streamEvents = {
  method: 'GET',
  url: '/api/v1/events',
  schema: {
    operationId: 'streamEvents',
    summary: 'What happens in the workspace, as server-sent events',
    description:
      'Read it with `fetch`, so that no token stands in an address. A comment line is sent at least every 15 seconds. ' +
      'After a lost connection give the last `id` as the header `Last-Event-ID`.',
    tags: ['Events'],
    produces: ['text/event-stream'],
    headers: Type.Object({
      ...WorkspaceHeaders.properties,
      'last-event-id': Type.Optional(
        Type.String({ pattern: '^[0-9]{1,18}$', description: 'The `id` of the last event that you have' }),
      ),
    }),
    response: {
      200: Type.String({ description: 'A stream of LiveEvent' }),
      400: Problem,
      401: Problem,
      404: Problem,
      429: Problem,
    },
  },
  config: { access: 'workspace' },
} as const satisfies Endpoint;
