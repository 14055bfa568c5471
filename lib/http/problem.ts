import "server-only";
import { translateDatabaseError } from "@/lib/db";
import { AppError, httpStatus } from "@/lib/errors";
import { log } from "@/lib/log";

/** RFC 9457 problem details. Unknown errors are logged and tell nothing to the caller. */
export function problemResponse(thrown: unknown): Response {
  const error = toAppError(thrown);
  const status = httpStatus(error.code);
  const problem = {
    type: "about:blank",
    title: error.code,
    status,
    detail: error.message,
    ...(error.fields && { fields: error.fields }),
    ...(error.remedyId && { remedyId: error.remedyId }),
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  if (error.retryAfterSeconds !== undefined)
    headers.set("retry-after", String(error.retryAfterSeconds));
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(problem), { status, headers });
}

export function toAppError(thrown: unknown): AppError {
  const error = translateDatabaseError(thrown);
  if (error instanceof AppError) return error;
  log.error({ error }, "unexpected error");
  return new AppError("internal_error", "Something went wrong here. The log has the details.", {
    cause: error,
  });
}
