import "server-only";
import { z } from "zod";
import { MINUTE_MS } from "@/lib/kernel/clock";
import type { Claims } from "@/lib/oauth/openid/exchange";
import { somebodyOf } from "@/lib/people/company/claims";
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
