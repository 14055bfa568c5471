import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { AppError, httpStatus } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";

/** RFC 9457; unknown errors are logged and tell the caller nothing. */
export function problemResponse(thrown: unknown): Response {
  const error = toAppError(thrown);
  const status = httpStatus(error.code);
  const problem = {
    type: "about:blank",
    title: error.code,
    status,
    detail: error.forPrograms ?? error.message,
    ...(error.fields && { fields: error.fields }),
    ...(error.remedyId && { remedyId: error.remedyId }),
  };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(error.retryAfterSeconds !== undefined && { "retry-after": `${error.retryAfterSeconds}` }),
    ...(status === 401 && { "www-authenticate": "Bearer" }),
  };
  return new Response(JSON.stringify(problem), { status, headers });
}

export function toAppError(thrown: unknown): AppError {
  const error = translateDatabaseError(thrown);
  if (error instanceof AppError) return error;
  log.error({ error }, "unexpected error");
  return new AppError("internal_error", "Something went wrong. See Postkey's log for details.", {
    cause: error,
  });
}
