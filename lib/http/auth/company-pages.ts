import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { OpenIdFailure } from "@/lib/oauth/openid/failure";
import type { Purpose } from "@/lib/people/company/round";
import { keepFailedTest } from "@/lib/people/company/test/mutations";

type Failed = { error: unknown; slug: string; purpose: Purpose; actor: Actor | null };

export async function pageOfFailure(failed: Failed): Promise<string> {
  const { slug, purpose, actor } = failed;
  const error = translateDatabaseError(failed.error);
  const remedyId = remedyOf(error);
  const told = { remedyId, detail: detailOf(error), purpose: purpose.for };
  log.warn(isPassing(error) ? { ...told, error } : told, "company sign-in refused");
  const explained = new URLSearchParams({ refused: remedyId });
  if (purpose.for === "test" && actor) {
    // That page says who may test.
    if (!actor.permissions.has("administrators:write")) return page("/settings/sign-in");
    const id = await keepFailedTest(actor, slug, explainable(error, remedyId));
    return page(id === null ? "/settings/sign-in" : `/settings/sign-in/${id}`);
  }
  if (purpose.for === "proof" && actor) return page(`/confirm?company=${slug}&${explained}`);
  return page(purpose.for === "link" && actor ? `/profile?${explained}` : `/sign-in?${explained}`);
}

const PASSES: ReadonlySet<string> = new Set([
  "conflict",
  "too_many_requests",
  "temporarily_unavailable",
]);

/** A conflict, or a slow or absent database. */
function isPassing(error: unknown): boolean {
  return error instanceof AppError && !error.remedyId && PASSES.has(error.code);
}

function remedyOf(error: unknown): string {
  if (error instanceof OpenIdFailure) return error.remedyId;
  if (error instanceof AppError && error.remedyId) return error.remedyId;
  if (error instanceof AppError && error.code === "proof_required") return "company.proof_old";
  if (isPassing(error)) return "company.too_many";
  if (error instanceof AppError) return "company.failed";
  log.error({ error }, "company sign-in failed");
  return "company.failed";
}

function detailOf(error: unknown): string {
  return error instanceof OpenIdFailure ? error.detail : "";
}

function explainable(error: unknown, remedyId: string): unknown {
  const isExplained = error instanceof OpenIdFailure || error instanceof AppError;
  return isExplained && remedyId !== "company.failed"
    ? error
    : new AppError("internal_error", "The sign-in failed.", { remedyId });
}

function page(path: string): string {
  return new URL(path, env().url).href;
}

export function redirectTo(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  return withCookies(new Response(null, { status: 303, headers }), cookies);
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  const headers = new Headers(response.headers);
  for (const each of cookies) headers.append("set-cookie", each);
  return new Response(response.body, { status: response.status, headers });
}
