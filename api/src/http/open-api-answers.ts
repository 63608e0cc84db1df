import type { Endpoint } from '@hortus/contracts/endpoint';
import { ERRORS, ERROR_CODES, type ErrorCode } from '@hortus/contracts/errors';
import { PROBLEM_MEDIA_TYPE, toProblem } from '@hortus/service/problem';

/**
 * The statuses by which an operation may be refused, from its form: whoever reads the contract of an operation finds there
 * only what is its own.
 */
export function refusalsOf({ url, schema, config }: Endpoint): readonly number[] {
  const { params, querystring, headers, body, response } = schema;
  const { access } = config;
  const isUpload = schema.consumes !== undefined && body === undefined;
  const isByToken = access === 'session' || access === 'membership' || access === 'workspace';
  const own = Object.keys(response).map(Number).filter((status) => status >= 400); // prettier-ignore
  const derived = [
    ...((params ?? querystring ?? headers ?? body) ? [400] : []),
    ...(isByToken || access === 'service' ? [401] : []),
    // An API token may lack the scope.
    ...(access === 'workspace' || access === 'signed' ? [403] : []),
    ...(params !== undefined || access === 'workspace' ? [404] : []),
    ...(body !== undefined || isUpload ? [413, 415] : []),
    ...(url.startsWith('/api/') ? [429] : []),
    // An address or a header can be longer than the server reads.
    ...(params !== undefined || querystring !== undefined || headers !== undefined ? [431] : []),
    ...(url === '/health' ? [] : [500, 503]),
  ];
  return [...new Set([...own, ...derived])].sort((a, b) => a - b);
}

/** Headers of refusals by their status. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Always `Bearer`' },
  429: {
    'Retry-After': 'In how many seconds to try again',
    'RateLimit-Limit': 'How many requests there may be in the window',
    'RateLimit-Remaining': 'How many are left',
    'RateLimit-Reset': 'In how many seconds the window ends',
  },
  503: { 'Retry-After': 'In how many seconds to try again' },
};

function describeHeaders(status: number): object {
  const headers = Object.entries(HEADERS[status] ?? {});
  if (headers.length === 0) return {};
  const schemaOf = (name: string) => ({ type: name === 'WWW-Authenticate' ? 'string' : 'integer' });
  return {
    headers: Object.fromEntries(
      headers.map(([name, description]) => [name, { description, schema: schemaOf(name) }]), // prettier-ignore
    ),
  };
}

function exampleOfProblem(code: ErrorCode): object {
  const { title } = ERRORS[code];
  const detail = 'What was wrong this time, and what to do next.';
  return { summary: title, value: toProblem(code, { detail, requestId: '0b8f1c1e-5a52-4a0e-8d0e-3f4e1f6c7a90' }) };
}

/** One answer for each status by which anything is refused, with an example of every code that it may carry. */
export function refusals(): Readonly<Record<string, object>> {
  const statuses = [...new Set(ERROR_CODES.map((code) => ERRORS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = ERROR_CODES.filter((code) => ERRORS[code].status === status);
      return [
        `Problem${String(status)}`,
        {
          description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
          ...describeHeaders(status),
          content: {
            [PROBLEM_MEDIA_TYPE]: {
              schema: { $ref: '#/components/schemas/Problem' },
              examples: Object.fromEntries(codes.map((code) => [code, exampleOfProblem(code)])),
            },
          },
        },
      ];
    }),
  );
}
