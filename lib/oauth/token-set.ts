import { z } from "zod";
import { classifyNetworkError } from "./oauth-failure";
import type { TokenSet } from "./service";
import { tokenSchema } from "./token-reply";

const cacheSchema = z.string().refine(isJsonObject);

export const tokenSetSchema = z.object({
  accessToken: tokenSchema,
  expiresAt: z.coerce.date(),
  scopes: z.array(z.string()),
  idToken: z.string(),
  cache: cacheSchema,
});

/** Before sealing: an unreadable token would replace a good one. @throws OAuthFailure */
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
