import { AppError } from "@/lib/kernel/errors";
import { findRemedy } from "@/lib/remedies/catalogue";
import { ProbeFailure } from "./probe-failure";

/** What a mail server or the way to it refused, as everybody else is told of it. */
export function asAppError(error: unknown): unknown {
  if (!(error instanceof ProbeFailure)) return error;
  const { remedyId, serverText, retryable } = error.failure;
  const { title } = findRemedy(remedyId);
  const message = serverText ? `${title} The server said: ${serverText}` : title;
  const code = retryable ? "temporarily_unavailable" : "conflict";
  return new AppError(code, message, { remedyId, cause: error });
}
