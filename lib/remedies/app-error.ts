import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError, type ErrorCode } from "@/lib/kernel/errors";
import { findRemedy } from "./catalogue";
import { tell } from "./told";

/**
 * What another system refused or did not answer, as an entry of the error catalogue: the identity platform's
 * OAuthFailure and the mail server's ProbeFailure.
 */
export abstract class CataloguedFailure extends Error {
  abstract readonly remedyId: string;
  /** Whether the same may succeed later without anyone changing anything. */
  abstract readonly isPassing: boolean;
  /** What it is to a program where it does not pass. */
  abstract readonly refusal: ErrorCode;
  /** What is told behind the entry's title, safe to show; empty for nothing. */
  abstract readonly told: string;
  /** When the other system wants to be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;
}

type Telling = {
  /** Instead of what the failure says itself: where it passes, and where not. */
  code?: ErrorCode;
  /** Said behind the title instead of what the failure says. */
  note?: string;
  /** Where a form shows it, with the first step. */
  field?: string;
};

/**
 * The one translation of a failure of another system to what crosses a border. Anything else comes back as
 * it is.
 */
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

/**
 * A refusal of Postkey's own that the error catalogue explains.
 * @param retryAfterMs when it is worth asking again, where that is known
 */
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
