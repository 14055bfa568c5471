import { z } from "zod";
import { readJson } from "@/lib/kernel/text/parse-json";
import { classifyNetworkError } from "./oauth-failure";
import type { TokenSet } from "./service";
import { tokenSchema } from "./token-reply";

export const tokenSetSchema = z.object({
  accessToken: tokenSchema,
  expiresAt: z.coerce.date(),
  scopes: z.array(z.string()),
  idToken: z.string(),
  cache: z.string().refine((text) => readJson(z.record(z.string(), z.unknown()), text)),
});

/** Before sealing: an unreadable token would replace a good one. @throws OAuthFailure */
export function requireTokenSet(tokens: TokenSet): TokenSet {
  if (tokenSetSchema.safeParse(tokens).success) return tokens;
  throw classifyNetworkError("MALFORMED", undefined);
}
