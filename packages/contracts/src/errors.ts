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
  CHALLENGE_INVALID: { status: 400, title: 'The challenge has expired, was used, or is not one of ours' },
  PASSWORD_TOO_COMMON: { status: 400, title: 'The password is too easy to guess' },
  SLUG_RESERVED: { status: 400, title: 'The slug is kept for the product itself' },
  ORIGINAL_EMPTY: { status: 400, title: 'The upload has no bytes' },
  UPLOAD_INTERRUPTED: { status: 400, title: 'The upload ended before all of its bytes had arrived' },
  SIGN_IN_REQUIRED: { status: 401, title: 'You are not signed in' },
  CREDENTIALS_WRONG: { status: 401, title: 'E-mail address or password is wrong' },
  TOKEN_INVALID: { status: 401, title: 'The token is not valid' },
  SESSION_ENDED: { status: 401, title: 'The session has ended' },
  SERVICE_KEY_WRONG: { status: 401, title: 'The service key or service account token is not valid' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'The request comes from a page of another origin' },
  CALLER_NOT_ALLOWED: { status: 403, title: 'The program may not ask this' },
  ROLE_TOO_LOW: { status: 403, title: 'Your role does not allow this' },
  SCOPE_MISSING: { status: 403, title: 'The API token does not have the scope for this' },
  REGISTRATION_CLOSED: { status: 403, title: 'Accounts can not be registered here' },
  PASSWORD_WRONG: { status: 403, title: 'The password is wrong' },
  INVITATION_FOR_ANOTHER: { status: 403, title: 'The invitation is for another address' },
  CODE_WRONG: { status: 403, title: 'The code is wrong, has expired, or was used before' },
  PASSKEY_REFUSED: { status: 403, title: 'The passkey was not accepted' },
  PROVIDER_REFUSED: { status: 403, title: 'The provider did not sign you in' },
  PROVIDER_ANSWER_INVALID: { status: 403, title: 'What the provider answered can not be trusted' },
  PROVIDER_ADDRESS_UNVERIFIED: { status: 403, title: 'The provider does not vouch for your e-mail address' },
  PROVIDER_ACCOUNT_UNKNOWN: { status: 403, title: 'No account belongs to you yet, and none is made at sign-in' },
  ADDRESS_NOT_SIGNED: { status: 403, title: 'The address is not signed, or has expired' },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  WORKSPACE_NOT_FOUND: { status: 404, title: 'There is no such workspace' },
  MEMBER_NOT_FOUND: { status: 404, title: 'There is no such member' },
  INVITATION_NOT_FOUND: { status: 404, title: 'There is no such invitation' },
  SESSION_NOT_FOUND: { status: 404, title: 'There is no such session' },
  PASSKEY_NOT_FOUND: { status: 404, title: 'There is no such passkey' },
  IDENTITY_NOT_FOUND: { status: 404, title: 'There is no such linked identity' },
  API_TOKEN_NOT_FOUND: { status: 404, title: 'There is no such API token' },
  ARTIFACT_NOT_FOUND: { status: 404, title: 'There is no such artifact' },
  VERSION_NOT_FOUND: { status: 404, title: 'The artifact has no such version' },
  SHARE_NOT_FOUND: { status: 404, title: 'There is no such share, or it has ended' },
  TAG_NOT_FOUND: { status: 404, title: 'No artifact has this tag' },
  ORIGINAL_NOT_FOUND: { status: 404, title: 'The artifact has no original yet' },
  UPLOAD_NOT_FOUND: { status: 404, title: 'There is no such upload' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The address does not take this method' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, title: 'A request with this key is under way' },
  ARTIFACT_VERSION_STALE: { status: 409, title: 'The artifact has a newer original' },
  TOTP_ALREADY_ON: { status: 409, title: 'An authenticator app is set up already' },
  TOTP_OFF: { status: 409, title: 'No authenticator app is set up' },
  PASSKEY_KNOWN: { status: 409, title: 'The passkey is registered already' },
  PASSKEY_LIMIT_REACHED: { status: 409, title: 'There are as many passkeys as one person may have' },
  IDENTITY_TAKEN: { status: 409, title: 'The identity at the provider belongs to another account' },
  UPLOAD_OFFSET_WRONG: { status: 409, title: 'The bytes do not belong where the upload ends' },
  DEMO_REFUSED: { status: 409, title: 'The demo is not seeded beside other workspaces' },
  SLUG_TAKEN: { status: 409, title: 'Another workspace has this slug' },
  ACCOUNT_EXISTS: { status: 409, title: 'The address has an account already' },
  MEMBER_ALREADY: { status: 409, title: 'The person is a member already' },
  INVITATION_OPEN: { status: 409, title: 'The address has been invited already' },
  LIMIT_REACHED: { status: 409, title: 'There are as many as there may be' },
  TAG_TOO_FREQUENT: { status: 409, title: 'More artifacts have this tag than can be changed at once' },
  LAST_OWNER: { status: 409, title: 'A workspace keeps at least one owner' },
  LINK_INVALID: { status: 410, title: 'The link is not valid, or not any more' },
  UPLOAD_EXPIRED: { status: 410, title: 'The upload has expired' },
  TUS_VERSION_UNSUPPORTED: { status: 412, title: 'The request does not speak a version of tus that is spoken here' },
  REVISION_STALE: { status: 412, title: 'It was changed in the meantime' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than allowed' },
  QUOTA_EXCEEDED: { status: 413, title: 'The workspace has no room for it' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The body is of a type that this operation does not take' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range lies outside of the file' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The key belongs to another request' },
  IF_MATCH_REQUIRED: { status: 428, title: 'The request must say which revision it changes' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are larger than allowed' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
  PROVIDER_AWAY: { status: 503, title: 'The provider can not be reached' },
  UNAVAILABLE: { status: 503, title: 'A part of the service is not available right now' },
  MAIL_NOT_SET_UP: { status: 503, title: 'This Hortus sends no mail' },
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
    quota: Type.Optional(
      Type.Object(
        {
          resource: Type.Enum(['bytes', 'artifacts'], { description: 'What there is no room for' }),
          used: Type.Integer({ description: 'How much the workspace keeps' }),
          max: Type.Integer({ description: 'How much it may keep' }),
        },
        { description: 'With `QUOTA_EXCEEDED`: the figures' },
      ),
    ),
    current: Type.Optional(
      Type.Unknown({ description: 'With 412: the resource as it stands now, so that the two can be compared' }),
    ),
  },
  { description: 'What went wrong (RFC 9457)' },
);
export type Problem = Static<typeof Problem>;
