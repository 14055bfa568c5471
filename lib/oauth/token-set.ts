import { z } from "zod";
import { classifyNetworkError } from "./oauth-failure";
import type { TokenSet } from "./service";
import { tokenSchema } from "./token-reply";

/** Of every service the cache is an object in JSON; what is in it is the service's own. */
const cacheSchema = z.string().refine(isJsonObject);

export const tokenSetSchema = z.object({
  accessToken: tokenSchema,
  expiresAt: z.coerce.date(),
  scopes: z.array(z.string()),
  idToken: z.string(),
  cache: cacheSchema,
});

/**
 * The last look before tokens are sealed, whichever way they came: what is empty or unreadable would
 * take the place of a good one.
 *
 * @throws OAuthFailure as an answer that is none
 */
export function requireTokenSet(tokens: TokenSet): TokenSet {
  if (tokenSetSchema.safeParse(tokens).success) return tokens;
  throw classifyNetworkError("MALFORMED", undefined);
}

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
