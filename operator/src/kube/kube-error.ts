/** What the API server says when it does not do what was asked (`metav1.Status`). */
export interface KubeStatus {
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** A refusal of the API server. */
export class KubeError extends Error {
  override name = 'KubeError';
  /** The HTTP status. */
  readonly code: number;
  /** In one word, for instance `Conflict`, `AlreadyExists`, `Expired`; empty where the server gave none. */
  readonly reason: string;
  readonly status: KubeStatus;
  /** How long the server asks to wait, if it does. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, message: string, status: KubeStatus = {}, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.reason = status.reason ?? '';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export function isKubeError(error: unknown, code: number): error is KubeError {
  return error instanceof KubeError && error.code === code;
}

/** Reads a refusal from what came over the wire, which may be no status at all where a proxy answered. */
export function toKubeError(code: number, text: string, retryAfter: string | undefined, asked: string): KubeError {
  const status = parseStatus(text);
  const message = status.message ?? (text.trim().slice(0, 500) || 'no reason given');
  const seconds = Number(retryAfter ?? status.details?.retryAfterSeconds);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  return new KubeError(code, `${asked}: ${String(code)} ${message}`, status, retryAfterMs);
}

function parseStatus(text: string): KubeStatus {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status'
      ? (parsed as KubeStatus)
      : {};
  } catch {
    return {};
  }
}
