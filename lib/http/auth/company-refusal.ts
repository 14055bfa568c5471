import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { words } from "@/lib/kernel/words";
import type { Claims } from "@/lib/oauth/openid/exchange";
import { OpenIdFailure } from "@/lib/oauth/openid/failure";
import { somebodyOf } from "@/lib/people/company/claims";
import type { Purpose } from "@/lib/people/company/round";
import { keepFailedTest } from "@/lib/people/company/test/mutations";
import { fillRemedy, findRemedy, isKnown } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { readCookie, sealedCookie } from "./own-cookies";

/** The cause alone is in the address, which anyone can write. */
export const keptRefusal = sealedCookie({
  name: "company-refused",
  purpose: "company-refusal",
  lifeMs: 5 * MINUTE_MS,
  schema: z.object({ refused: z.string(), company: z.string(), username: z.string() }),
});

type Came = { company: string; claims: Claims };

/** Binds the refusal page to this browser's account. @param page explains it */
export async function refusalCookie(page: string, came: Came | undefined): Promise<string> {
  const refused = new URL(page).searchParams.get("refused");
  if (!came || refused === null) return keptRefusal.forgotten();
  const { company, claims } = came;
  return keptRefusal.header({ refused, company, username: somebodyOf(claims).username });
}

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Null as whom they came: without an account, or of another outcome. */
export async function readRefusal(query: Query) {
  const remedy = refusalOf(query);
  const kept = await keptRefusal.open(await readCookie("company-refused"));
  if (kept === null || kept.refused !== remedy?.id) return { remedy, signedInAs: null };
  const { company, username } = kept;
  return { remedy, signedInAs: { company, username } };
}

/** What an address says about a company sign-in that failed; it may be forged. */
function refusalOf({ refused, error }: Query): Remedy | null {
  if (typeof refused === "string" && /^company\.\w+$/.test(refused) && isKnown(refused))
    return fillRemedy(findRemedy(refused), { companyAt: "anyone" });
  // next-auth's own words: the form tells what concerns passwords.
  const isOfCompany = error === "OAuthCallback" || error === "OAuthSignin" || error === "Callback";
  return isOfCompany ? fillRemedy(findRemedy("company.not_completed"), {}) : null;
}

type Failed = { error: unknown; slug: string; purpose: Purpose; actor: Actor | null };

/** The page that explains it. */
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

const PASSES: ReadonlySet<string> = new Set(
  words("conflict too_many_requests temporarily_unavailable"),
);

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
