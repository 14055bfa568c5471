import { fillRemedy, findRemedy, isKnown } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What an address says about a company sign-in that failed; it may be forged. */
export function refusalOf({ refused, error }: Query): Remedy | null {
  if (typeof refused === "string" && /^company\.\w+$/.test(refused) && isKnown(refused))
    return fillRemedy(findRemedy(refused), { companyAt: "anyone" });
  // next-auth's own words: the form tells what concerns passwords.
  const isOfCompany = error === "OAuthCallback" || error === "OAuthSignin" || error === "Callback";
  return isOfCompany ? fillRemedy(findRemedy("company.not_completed"), {}) : null;
}
