import { Type, type Static } from 'typebox';

/**
 * Every problem that the api answers: its stable code, its status, and its title. The `detail` of an answer says what was
 * wrong this time, with the value and the limit, and what to do next.
 */
export const ERRORS = {
  REQUEST_INVALID: { status: 400, title: 'The request does not have the expected form' },
  BODY_NOT_JSON: { status: 400, title: 'The body is not valid JSON' },
  CURSOR_INVALID: { status: 400, title: 'The cursor is not one that this list gave' },
  WORKSPACE_REQUIRED: { status: 400, title: 'The request does not say which workspace it is about' },
  ORIGINAL_EMPTY: { status: 400, title: 'The upload has no bytes' },
  UPLOAD_INTERRUPTED: { status: 400, title: 'The upload ended before all of its bytes had arrived' },
  SIGN_IN_REQUIRED: { status: 401, title: 'You are not signed in' },
  CREDENTIALS_WRONG: { status: 401, title: 'E-mail address or password is wrong' },
  TOKEN_INVALID: { status: 401, title: 'The access token is not valid' },
  SESSION_ENDED: { status: 401, title: 'The session has ended' },
  SERVICE_KEY_WRONG: { status: 401, title: 'The service key is not valid' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'The request comes from a page of another origin' },
  ROLE_TOO_LOW: { status: 403, title: 'Your role does not allow this' },
  ADDRESS_NOT_SIGNED: { status: 403, title: 'The address is not signed, or has expired' },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  WORKSPACE_NOT_FOUND: { status: 404, title: 'There is no such workspace' },
  ARTIFACT_NOT_FOUND: { status: 404, title: 'There is no such artifact' },
  ORIGINAL_NOT_FOUND: { status: 404, title: 'The artifact has no original yet' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The address does not take this method' },
  ARTIFACT_VERSION_STALE: { status: 409, title: 'The artifact has a newer original' },
  DEMO_REFUSED: { status: 409, title: 'The demo is not seeded beside other workspaces' },
  REVISION_STALE: { status: 412, title: 'The artifact was changed in the meantime' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than allowed' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The body is of a type that this operation does not take' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range lies outside of the file' },
  IF_MATCH_REQUIRED: { status: 428, title: 'The request must say which revision it changes' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
  UNAVAILABLE: { status: 503, title: 'A part of the service is not available right now' },
  STORAGE_FULL: { status: 507, title: 'There is no space left for the upload' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** Problem details, RFC 9457, as `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'An address that identifies the kind of problem; `about:blank` is never used' }),
    title: Type.String({ description: 'The kind of problem in a few words; the same for each occurrence' }),
    status: Type.Integer({ description: 'The HTTP status code of the answer' }),
    code: Type.Enum(ERROR_CODES as unknown as ErrorCode[], { description: 'The stable code to program against' }),
    detail: Type.String({ description: 'What was wrong this time, and what to do next' }),
    requestId: Type.String({ description: 'Names this request in the log' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'JSON pointer into the part of the request, such as `/body/name`' }),
          message: Type.String({ description: 'What is wrong with the field' }),
        }),
        { description: 'The single fields that were refused, where the problem lies in fields' },
      ),
    ),
    current: Type.Optional(
      Type.Unknown({ description: 'With 412: the resource as it stands now, so that the two can be compared' }),
    ),
  },
  { description: 'What went wrong (RFC 9457)' },
);
export type Problem = Static<typeof Problem>;
