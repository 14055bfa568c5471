import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError, type ErrorCode } from "@/lib/kernel/errors";
import { findRemedy } from "./catalogue";
import { tell } from "./told";

/** OAuthFailure or ProbeFailure. */
export abstract class CataloguedFailure extends Error {
  abstract readonly remedyId: string;
  /** May pass without a change. */
  abstract readonly isPassing: boolean;
  /** For programs, if it does not pass. */
  abstract readonly refusal: ErrorCode;
  /** After the title, safe to show; may be empty. */
  abstract readonly told: string;
  /** If the other system said so. */
  readonly retryAfterMs: number | undefined;
}

type Telling = {
  /** Instead of the failure's own. */
  code?: ErrorCode;
  /** Instead of what the failure says. */
  note?: string;
  /** The form's field, with the first step. */
  field?: string;
};

export function asAppError(error: unknown, telling: Telling = {}): unknown {
  if (!(error instanceof CataloguedFailure)) return error;
  const { remedyId, isPassing, refusal, told, retryAfterMs } = error;
  const { code = isPassing ? "temporarily_unavailable" : refusal, note = told, field } = telling;
  const entry = findRemedy(remedyId);
  const { title } = entry;
  const message = joined(title, note);
  return new AppError(code, message, {
    cause: error,
    remedyId,
    ...(isPassing && retryAfterMs !== undefined && { retryAfterSeconds: inSeconds(retryAfterMs) }),
    ...(field !== undefined && {
      fields: { [field]: [joined(message, tell(entry, { once: "press" }).steps[0])] },
    }),
  });
}

/** @param retryAfterMs if known */
export function refusedBy(remedyId: string, code: ErrorCode, retryAfterMs?: number): AppError {
  return new AppError(code, findRemedy(remedyId).title, {
    remedyId,
    ...(retryAfterMs !== undefined && { retryAfterSeconds: inSeconds(retryAfterMs) }),
  });
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / SECOND_MS));
}

function joined(...texts: (string | undefined)[]): string {
  return texts.filter(Boolean).join(" ");
}
