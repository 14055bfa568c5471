import { type HttpsReply, isOfAnswer, isOfCertificate } from "@/lib/egress/https";
import { wallTime } from "@/lib/kernel/clock";
import { foreignText, withoutSecrets } from "@/lib/kernel/text/foreign-text";
import { CataloguedFailure } from "@/lib/remedies/app-error";
import { findRemedy } from "@/lib/remedies/catalogue";
import { type FailureDetails, readDetails, readTrace } from "./failure-details";
import { parseRetryAfter } from "./https";

export type FailureKind = "retry" | "fix_registration" | "sign_in_again";

export class OAuthFailure extends CataloguedFailure {
  override readonly name = "OAuthFailure";
  readonly kind: FailureKind;
  readonly remedyId: string;
  readonly details: FailureDetails;
  override readonly retryAfterMs: number | undefined;
  readonly refusal = "unprocessable";

  constructor(classified: Classified, options?: ErrorOptions) {
    super(`${classified.kind}: ${classified.remedyId}`, options);
    this.kind = classified.kind;
    this.remedyId = classified.remedyId;
    this.details = classified.details;
    this.retryAfterMs = classified.retryAfterMs;
  }

  get isPassing(): boolean {
    return this.kind === "retry";
  }

  /** Administrators look up the platform's numbers. */
  get told(): string {
    return `(${this.remedyId})`;
  }
}

type Facts = FailureDetails & { retryAfterMs?: number | undefined; cause?: unknown };

/** One that no answer of a token endpoint says. */
export function oauthFailure(
  kind: FailureKind,
  remedyId: string,
  { retryAfterMs, cause, ...details }: Facts = {},
): OAuthFailure {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new OAuthFailure({ kind, remedyId, details, ...wait }, { cause });
}

type Classified = {
  kind: FailureKind;
  remedyId: string;
  details: FailureDetails;
  retryAfterMs?: number;
};

/** A Map, because the key comes from the network and may be `__proto__`. */
const KIND_BY_ERROR: ReadonlyMap<string, FailureKind> = new Map([
  ["temporarily_unavailable", "retry"],
  ["server_error", "retry"],
  ["invalid_grant", "sign_in_again"],
  ["interaction_required", "sign_in_again"],
  ["consent_required", "sign_in_again"],
  ["login_required", "sign_in_again"],
  ["access_denied", "sign_in_again"],
]);

/** RFC 6749 §5.2, RFC 8628 §3.5, and those above */
const PROTOCOL_ERRORS: ReadonlySet<string> = new Set([
  ...KIND_BY_ERROR.keys(),
  "invalid_request",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_resource",
  "authorization_pending",
  "slow_down",
  "expired_token",
]);

/** Where RFC 6749 §5.2 is ambiguous: by request (§4) or wording. The first match counts. */
export type Meaning = {
  error?: string;
  code?: number;
  grant?: string;
  says?: RegExp;
  kind: FailureKind;
  remedyId: string;
};

const meaning =
  (kind: FailureKind) =>
  (remedyId: string, when: Omit<Meaning, "kind" | "remedyId">): Meaning => ({
    ...when,
    kind,
    remedyId,
  });
export const retry = meaning("retry");
export const fixRegistration = meaning("fix_registration");
export const signInAgain = meaning("sign_in_again");

type Language = { meanings: readonly Meaning[]; ofNumber: ((code: number) => string) | null };

/** The catalogue decides, whatever its status and `error`. */
function passes(remedyId: string): boolean {
  return findRemedy(remedyId).retry === "yes";
}

/**
 * By status and `error` (RFC 6749 §5.2). An unknown `error` is a wrong registration: repeating does
 * not help. An answer without one is a proxy's, and passes.
 */
export function classifyReply(reply: HttpsReply, language: Language, now = wallTime()) {
  const retryAfterMs = parseRetryAfter(reply.headers["retry-after"], now);
  return new OAuthFailure({
    ...meaningOf(readDetails(reply), language, reply.grant),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

export function classifyNetworkError(networkCode: string, cause: unknown, status?: number) {
  const remedyId = remedyOfNetwork(networkCode);
  // No retry until the host changes or the operator allows it.
  const kind = EGRESS_REFUSALS.has(networkCode) ? "fix_registration" : "retry";
  // A parser quotes its input, tokens included.
  const isQuoting = cause instanceof SyntaxError;
  return new OAuthFailure(
    { kind, remedyId, details: { networkCode, ...(status !== undefined && { status }) } },
    isQuoting ? undefined : { cause },
  );
}

function remedyOfNetwork(networkCode: string): string {
  const own = REMEDY_BY_NETWORK_CODE.get(networkCode);
  if (own !== undefined) return own;
  if (isOfCertificate(networkCode)) return "postkey.platform_certificate";
  if (networkCode.startsWith("MALFORMED") || isOfAnswer(networkCode))
    return "postkey.malformed_token_response";
  return "postkey.identity_platform_unreachable";
}

const EGRESS_REFUSALS: ReadonlySet<string> = new Set(["PRIVATE_ADDRESS", "PORT_REFUSED"]);

const REMEDY_BY_NETWORK_CODE: ReadonlyMap<string, string> = new Map([
  ["PRIVATE_ADDRESS", "egress.private_address"],
  ["PORT_REFUSED", "postkey.platform_port_refused"],
  ["CUT_OFF", "postkey.token_reply_cut_off"],
]);

/** RFC 6749 §4.1.2.1. @param secrets of this sign-in, which the sender may have seen */
export function classifyAuthorizationError(
  { error, description }: { error: string; description: string },
  language: Language,
  secrets: readonly string[] = [],
): OAuthFailure {
  const [, digits] = /AADSTS(\d{4,8})/.exec(description) ?? [];
  const details = {
    error: foreignText(error, { secrets }),
    errorCodes: digits ? [Number(digits)] : [],
    ...(description !== "" && { description: foreignText(description, { secrets }) }),
    ...readTrace(withoutSecrets(description, { secrets })),
  };
  return new OAuthFailure(meaningOf(details, language, AUTHORIZATION));
}

/** The authorization endpoint has no grant_type. */
const AUTHORIZATION = "authorization";

function meaningOf(details: FailureDetails, language: Language, grant?: string): Classified {
  const { status = 400, error, errorCodes = [], description = "" } = details;
  const isAnswered = status < 500 && status !== 429;
  const own = language.meanings.find(
    (each) =>
      (each.error ?? error) === error &&
      (each.code === undefined || each.code === errorCodes[0]) &&
      (each.grant ?? grant) === grant &&
      (each.says?.test(description) ?? true),
  );
  if (own && isAnswered) return { kind: own.kind, remedyId: own.remedyId, details };
  const ids = errorCodes.flatMap((code) => language.ofNumber?.(code) ?? []);
  const kind = kindOf(status, error, ids);
  const remedyId = remedyOf(kind, { ...details, status, ids });
  const isDenied = grant === AUTHORIZATION && error === "access_denied" && ids.length === 0;
  // An application has no person to sign in (RFC 6749 §4.4).
  const isOfNobody = kind === "sign_in_again" && grant === "client_credentials";
  return {
    kind: isOfNobody ? "fix_registration" : kind,
    remedyId: isDenied ? "callback.access_denied" : remedyId,
    details,
  };
}

function kindOf(status: number, error: string | undefined, ids: readonly string[]): FailureKind {
  if (status >= 500 || status === 429 || error === undefined) return "retry";
  if (ids.some(passes) || isOfSomethingBetween(status, error, ids)) return "retry";
  return KIND_BY_ERROR.get(error) ?? "fix_registration";
}

/** Token endpoints refuse with 400 or 401 and a code (RFC 6749 §5.2), proxies otherwise. */
function isOfSomethingBetween(status: number, error: string, ids: readonly string[]): boolean {
  return status !== 400 && ids.length === 0 && !PROTOCOL_ERRORS.has(error);
}

type Told = { status: number; error?: string; ids: readonly string[] };

function remedyOf(kind: FailureKind, { status, error, ids }: Told): string {
  if (status === 429) return "postkey.identity_platform_throttled";
  if (status === 511) return "postkey.malformed_token_response";
  const id = kind === "retry" ? ids.find(passes) : ids[0];
  if (id !== undefined) return id;
  const isOfPlatform = error !== undefined && (kind !== "retry" || KIND_BY_ERROR.has(error));
  if (status < 500 && !isOfPlatform) return "postkey.malformed_token_response";
  if (kind === "retry") return "postkey.identity_platform_unavailable";
  if (kind === "sign_in_again") return "postkey.grant_refused";
  return OF_CLIENT.has(error ?? "") ? "postkey.client_refused" : "postkey.request_refused";
}

/** RFC 6749 §5.2: about the client, not its request */
const OF_CLIENT: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client"]);
