/** Protocol failures keep their word (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6). */
const HTTP_STATUS = {
  invalid_request: 400,
  invalid_client: 400,
  invalid_grant: 400,
  unauthorized_client: 400,
  invalid_scope: 400,
  unauthenticated: 401,
  access_denied: 403,
  proof_required: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  interaction_required: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  locked: 423,
  too_many_requests: 429,
  internal_error: 500,
  temporarily_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof HTTP_STATUS;
export const ERROR_CODES = Object.keys(HTTP_STATUS) as ErrorCode[];

export type FieldErrors = Record<string, string[]>;

type AppErrorOptions = {
  cause?: unknown;
  fields?: FieldErrors;
  /** Entry of the error catalogue (`lib/remedies`). */
  remedyId?: string;
  /** Where the message speaks of pages or buttons. */
  forPrograms?: string;
  /** RFC 9110 §10.2.3 */
  retryAfterSeconds?: number;
};

/** The only error with a text for people; all others are internal errors. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly fields: FieldErrors | undefined;
  readonly remedyId: string | undefined;
  readonly forPrograms: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  /** @param message safe to show; the rest belongs in `cause` */
  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields;
    this.remedyId = options.remedyId;
    this.forPrograms = options.forPrograms;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function httpStatus(code: ErrorCode): number {
  return HTTP_STATUS[code];
}

/** For what may have been deleted meanwhile. @throws other errors */
export function unlessGone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

export function isRetryable(code: ErrorCode): boolean {
  return code === "temporarily_unavailable" || code === "too_many_requests";
}

/** Where any field has a problem. */
export function refuseFields(fields: FieldErrors): void {
  const [first] = Object.values(fields);
  if (first) throw new AppError("unprocessable", first[0] ?? "", { fields });
}

export function fieldError(field: string, message: string): AppError {
  return new AppError("unprocessable", message, { fields: { [field]: [message] } });
}
