import { z } from "zod";
import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { withoutSecrets } from "@/lib/kernel/text/foreign-text";
import { parseJson } from "@/lib/kernel/text/parse-json";
import { classifyNetworkError, OAuthFailure } from "./oauth-failure";

/**
 * RFC 6749, appendix A.12 and A.17, without the blank: RFC 6750 §2.1 puts it into a header. Nor what a program writes
 * that has none.
 */
const VISIBLE = /^(?!(?:null|undefined)$)[\x21-\x7e]+$/;
const TOKEN_MAX = 16 * 1024;
/** RFC 6749 §3.3; the longest of Microsoft's has 60 characters. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** What may be kept and handed out as a token. */
export const tokenSchema = z.string().max(TOKEN_MAX).regex(VISIBLE);

/** A number, or its digits, which some write as a text; `true`, `[5]` and a blank say no time. */
export function secondsSchema(max: number) {
  const digits = z.string().regex(/^\d{1,9}$/);
  return z.number().or(digits.transform(Number)).pipe(z.number().min(1).max(max));
}

const DEFAULT_EXPIRES_IN_S = 3_600;

/**
 * RFC 6749 §5.1. A lifetime that makes no sense must not cost the tokens: an hour is assumed. An
 * answer that grants and refuses at once does neither.
 */
const tokenReplySchema = z.looseObject({
  error: z.never().optional(),
  token_type: z.string().regex(/^bearer$/i),
  access_token: tokenSchema,
  refresh_token: tokenSchema.or(z.literal("")).nullish(),
  id_token: z.string().nullish(),
  scope: z.string().nullish(),
  expires_in: secondsSchema(86_400).catch(DEFAULT_EXPIRES_IN_S),
});

export type Classify = (reply: HttpsReply) => OAuthFailure;
export type TokenReply = z.output<typeof tokenReplySchema>;

/**
 * The only way from an answer to a token: 200 (RFC 6749 §5.1) with a body that is a token response. Anything else,
 * including JSON that names no error, is a failure, and no library gets to interpret it.
 *
 * @param classify what a refusal means at this platform
 * @throws OAuthFailure
 */
export function readTokenReply(reply: HttpsReply, classify: Classify): TokenReply {
  if (reply.status < 200 || reply.status > 299) throw classify(reply);
  const parsed = tokenReplySchema.safeParse(parseJson(reply.body));
  if (parsed.success && reply.status === 200)
    return { ...parsed.data, scope: shownScope(parsed.data.scope, reply) };
  // Without the cause: it would quote the body, and the body may hold a token.
  throw classifyNetworkError("MALFORMED", undefined, reply.status);
}

/**
 * RFC 6749 §3.3. It is stored and shown, unlike the rest: nothing of what was sent in confidence stays in it.
 * Where nothing else was granted than what was asked for, as nearly always, there is nothing to look for.
 */
function shownScope(
  scope: string | null | undefined,
  { sent: secrets = [], askedScope = "" }: HttpsReply,
) {
  if (!scope) return scope;
  const tokens = scope.split(" ").filter((token) => SCOPE_TOKEN.test(token));
  const asked = new Set(askedScope.split(" "));
  if (tokens.every((token) => asked.has(token))) return tokens.join(" ");
  return withoutSecrets(tokens.join(" "), { secrets });
}

/**
 * The refresh token of a sign-in. A sign-in without one would end unnoticed with its first access token, so
 * it is refused at once, and an earlier sign-in stays as it is.
 *
 * @throws OAuthFailure with the given remedy
 */
export function requireRefreshToken(reply: TokenReply, remedyId: string): string {
  if (reply.refresh_token) return reply.refresh_token;
  const details = { description: "The answer has no refresh token." };
  throw new OAuthFailure({ kind: "sign_in_again", remedyId, details });
}

/** What a request that brought no token ended with, as the one failure that callers know. */
export function toOAuthFailure(error: unknown): OAuthFailure {
  if (error instanceof OAuthFailure) return error;
  const code = error instanceof HttpsError ? error.networkCode : "MALFORMED";
  return classifyNetworkError(code, error);
}
