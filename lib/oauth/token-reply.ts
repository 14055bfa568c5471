import { decodeJwt } from "jose";
import { z } from "zod";
import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { withoutSecrets } from "@/lib/kernel/text/foreign-text";
import { readJson } from "@/lib/kernel/text/parse-json";
import { classifyNetworkError, OAuthFailure, oauthFailure } from "./oauth-failure";
import type { PermissionState, TokenSet } from "./service";

/** RFC 6749 A.12, A.17, without blanks (a header, RFC 6750 §2.1), `null` or `undefined`. */
const VISIBLE = /^(?!(?:null|undefined)$)[\x21-\x7e]+$/;
const TOKEN_MAX = 16 * 1024;
/** RFC 6749 §3.3; Microsoft's longest has 60 characters. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

export const tokenSchema = z.string().max(TOKEN_MAX).regex(VISIBLE);

/** Some write digits as text; `true`, `[5]` and a blank are no number. */
export function secondsSchema(max: number) {
  const digits = z.string().regex(/^\d{1,9}$/);
  return z.number().or(digits.transform(Number)).pipe(z.number().min(1).max(max));
}

const DEFAULT_EXPIRES_IN_S = 3_600;

/** RFC 6749 §5.1. A senseless lifetime counts as an hour; granting and refusing is neither. */
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

/** The only way from an answer to a token: 200, RFC 6749 §5.1. @throws OAuthFailure */
export function readTokenReply(reply: HttpsReply, classify: Classify): TokenReply {
  if (reply.status < 200 || reply.status > 299) throw classify(reply);
  const parsed = readJson(tokenReplySchema, reply.body);
  if (parsed && reply.status === 200) return { ...parsed, scope: shownScope(parsed.scope, reply) };
  // Without the cause: it would quote the body, which may hold a token.
  throw classifyNetworkError("MALFORMED", undefined, reply.status);
}

/** RFC 6749 §3.3. It is shown, so it must repeat nothing sent in confidence. */
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

/** Without one, the sign-in would end unnoticed with its access token. @throws OAuthFailure */
export function requireRefreshToken(reply: TokenReply, remedyId: string): string {
  if (reply.refresh_token) return reply.refresh_token;
  const description = "The answer has no refresh token.";
  throw oauthFailure("sign_in_again", remedyId, { description });
}

export function toOAuthFailure(error: unknown): OAuthFailure {
  if (error instanceof OAuthFailure) return error;
  const code = error instanceof HttpsError ? error.networkCode : "MALFORMED";
  return classifyNetworkError(code, error);
}

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

/* Any other answer leaves the working tokens in place. */

type Owner = Readonly<Record<string, string>>;

/** Unverified claims only refuse; opaque tokens pass. @throws OAuthFailure */
export function requireOwner(token: unknown, owner: Owner): void {
  const said = typeof token === "string" ? claimsOf(token) : {};
  const isOther = Object.entries(owner).some(([claim, right]) => {
    const value = said[claim];
    return value !== undefined && String(value).toLowerCase() !== right.toLowerCase();
  });
  if (isOther) throw ofAnother();
}

export function ofAnother(): OAuthFailure {
  const description = "The reply holds someone else's tokens.";
  return oauthFailure("retry", "postkey.tokens_of_another", { description });
}

/** Access tokens are opaque to clients (RFC 6749 §1.4). */
function claimsOf(token: string): Record<string, unknown> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/** A part of the permissions is enough. @throws OAuthFailure */
export function requireMailPermission(
  permissions: readonly PermissionState[],
  remedyId: "callback.mail_not_granted" | "postkey.no_mail_permission",
): void {
  if (permissions.some(({ isGranted }) => isGranted)) return;
  const description = "The answer grants none of the mail permissions.";
  throw oauthFailure("sign_in_again", remedyId, { description });
}
