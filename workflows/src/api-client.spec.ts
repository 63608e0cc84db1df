import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listDemoKeys, recordOutcome } from '@hortus/contracts/internal-api';
import { createApiClient, type ApiClient } from './api-client.ts';
import { StandInApi } from './stand-in-api.ts';

const params = { workspaceId: 'a/b', artifactId: '2', version: 3 };
const body = { failure: null };
let server: StandInApi;
let api: ApiClient;

beforeAll(async () => {
  server = new StandInApi();
  api = createApiClient({ url: await server.listen(), serviceKey: 'the key' });
});

afterAll(() => server.close());

beforeEach(() => {
  server.received.length = 0;
  server.trouble = () => undefined;
});

describe('the api client', () => {
  it('calls an operation by its constant, with the service key', async () => {
    await expect(api.call(recordOutcome, { params, body })).resolves.toBeUndefined();
    expect(server.received).toMatchObject([
      {
        method: 'PUT',
        path: '/internal/v1/workspaces/a%2Fb/artifacts/2/versions/3/outcome',
        authorization: 'Bearer the key',
        body,
      },
    ]);
  });

  it('gives the answer', async () => {
    server.answers['/keys'] = { keys: ['one'] };
    await expect(api.call(listDemoKeys, { params: { workspaceId: '1' } })).resolves.toEqual({ keys: ['one'] });
  });

  it.each(['ARTIFACT_VERSION_STALE', 'ARTIFACT_NOT_FOUND', 'REQUEST_INVALID'] as const)(
    'marks a refusal as not to be repeated: %s',
    async (code) => {
      server.trouble = () => code;
      await expect(api.call(recordOutcome, { params, body })).rejects.toMatchObject({ type: code, nonRetryable: true });
    },
  );

  it.each(['INTERNAL', 'UNAVAILABLE', 'RATE_LIMITED', 'SERVICE_KEY_WRONG', 'NOT_FOUND'] as const)(
    'lets be repeated what may pass: %s',
    async (code) => {
      server.trouble = () => code;
      await expect(api.call(recordOutcome, { params, body })).rejects.toMatchObject({
        type: code,
        nonRetryable: false,
      });
    },
  );

  it('says that the api does not answer, and lets that be repeated', async () => {
    server.trouble = () => 'hang up';
    await expect(api.call(recordOutcome, { params, body })).rejects.toMatchObject({
      type: 'API_AWAY',
      nonRetryable: false,
    });
  });

  it('gives up at once when the step is cancelled', async () => {
    const reason = new Error('cancelled');
    await expect(api.call(recordOutcome, { params, body }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
