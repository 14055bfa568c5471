import { GOOGLE_ERRORS } from "./google/google-error";
import { SERVER_REPLIES } from "./mail/server-replies";

export type Place = "authorize" | "token" | "graph" | "imap" | "pop3" | "smtp";

export interface FaultDefinition {
  id: string;
  label: string;
  effect: string;
  places: readonly Place[];
  /** What `seconds` means here, with its default. */
  seconds?: { meaning: string; default: number };
}

const TOKEN = ["token"] as const;
const AUTHORIZE_AND_TOKEN = ["authorize", "token"] as const;
const TOKEN_AND_GRAPH = ["token", "graph"] as const;
const MAIL = ["imap", "pop3", "smtp"] as const;

function fault(
  id: string,
  places: readonly Place[],
  text: { label: string; effect: string; seconds?: { meaning: string; default: number } },
): FaultDefinition {
  return { id, places, ...text };
}

/** The faults of the identity platform and of the mail servers, in the order they are shown. */
export const FAULTS: readonly FaultDefinition[] = [
  fault("secret_expired", TOKEN, {
    label: "Client secret expired",
    effect: "Every secret counts as expired: AADSTS7000222.",
  }),
  fault("secret_wrong", TOKEN, {
    label: "Client secret wrong",
    effect: "No secret is accepted: AADSTS7000215.",
  }),
  fault("new_secret_late", TOKEN, {
    label: "New secrets not known yet",
    effect: "A secret that Graph just made is refused for a while: AADSTS7000215.",
    seconds: { meaning: "age from which it is known", default: 60 },
  }),
  fault("fast_device_code", TOKEN, {
    label: "Device codes for the hurried",
    effect: "They are asked about every second instead of every five, and end soon.",
    seconds: { meaning: "until they end", default: 900 },
  }),
  fault("device_slow_down", TOKEN, {
    label: "Device codes: slow down",
    effect: "A program that asks about a device code is told to ask less often.",
  }),
  fault("graph_permission_missing", TOKEN, {
    label: "Graph permission missing",
    effect: "Application.ReadWrite.OwnedBy is not in Graph's token: 403.",
  }),
  fault("graph_not_owner", ["graph"], {
    label: "Application not its own owner",
    effect: "Graph lets it read itself, and refuses every change: 403.",
  }),
  fault("graph_answer_lost", ["graph"], {
    label: "Answer of Graph lost",
    effect: "A change is made, and the connection breaks before the answer.",
  }),
  fault("app_disabled", AUTHORIZE_AND_TOKEN, {
    label: "Application disabled",
    effect: "The enterprise application is switched off: AADSTS7000112.",
  }),
  fault("tenant_unknown", AUTHORIZE_AND_TOKEN, {
    label: "Tenant unknown",
    effect: "No tenant is found: AADSTS90002.",
  }),
  fault("admin_consent_required", ["authorize"], {
    label: "Administrator approval needed",
    effect: "People may not consent themselves: AADSTS90094.",
  }),
  fault("consent_revoked", TOKEN, {
    label: "Consent withdrawn",
    effect: "Refreshing says AADSTS65001 (consent_required).",
  }),
  fault("grant_revoked", TOKEN, {
    label: "Sign-in revoked",
    effect: "Refreshing says AADSTS50173 (bad_token).",
  }),
  fault("refresh_expired", TOKEN, {
    label: "Refresh token expired",
    effect: "90 days without use: AADSTS700082.",
  }),
  fault("mfa_required", TOKEN, {
    label: "Multi-factor authentication demanded",
    effect: "interaction_required with claims: AADSTS50076.",
  }),
  fault("conditional_access", AUTHORIZE_AND_TOKEN, {
    label: "Blocked by Conditional Access",
    effect: "Signing in again does not help: AADSTS53003.",
  }),
  fault("user_disabled", AUTHORIZE_AND_TOKEN, {
    label: "User disabled",
    effect: "AADSTS50057 at sign-in and at refresh.",
  }),
  fault("fewer_scopes", TOKEN, {
    label: "Fewer permissions granted",
    effect: "SMTP.Send is missing from the token.",
  }),
  fault("no_refresh_token", TOKEN, {
    label: "No refresh token",
    effect: "The answer has none, as without offline_access.",
  }),
  fault("expired_token", TOKEN, {
    label: "Token already expired",
    effect: "The access token ran out before it was handed over; the mail servers refuse it.",
  }),
  fault("short_token", TOKEN, {
    label: "Short-lived tokens",
    effect: "Access tokens live only so many seconds, to watch them being renewed.",
    seconds: { meaning: "lifetime", default: 60 },
  }),
  fault("wrong_audience", TOKEN, {
    label: "Token for another resource",
    effect: "The access token is for Microsoft Graph; the mail servers refuse it.",
  }),
  fault("future_token", TOKEN, {
    label: "Token of the future",
    effect: "The access token is valid from an hour from now on; the mail servers refuse it.",
  }),
  fault("opaque_token", TOKEN, {
    label: "Opaque token",
    effect:
      "The access token is no JWT, as those of personal accounts; the mail servers refuse it.",
  }),
  fault("other_app_token", TOKEN, {
    label: "Token of another application",
    effect: "The access token says that it was issued to another application.",
  }),
  fault("guest_user", TOKEN, {
    label: "A guest signed in",
    effect: "The access token is of a guest of the tenant, who has no mailbox in it.",
  }),
  fault("bad_id_token_signature", TOKEN, {
    label: "Forged id_token",
    effect: "Its signature is not by a published key.",
  }),
  fault("wrong_nonce", TOKEN, {
    label: "Wrong nonce",
    effect: "The id_token answers another sign-in.",
  }),
  fault("throttled", TOKEN_AND_GRAPH, {
    label: "Throttled",
    effect: "429 with Retry-After.",
    seconds: { meaning: "Retry-After", default: 30 },
  }),
  fault("throttled_unsaid", TOKEN_AND_GRAPH, {
    label: "Throttled, not until when",
    effect: "429 without Retry-After.",
  }),
  fault("server_error", TOKEN_AND_GRAPH, {
    label: "Service unavailable",
    effect: "503 with an HTML page.",
  }),
  fault("echo", TOKEN_AND_GRAPH, {
    label: "Request repeated",
    effect: "400 that repeats all that was sent, secrets included, in clear and encoded.",
  }),
  fault("slow", AUTHORIZE_AND_TOKEN, {
    label: "Slow",
    effect: "Every answer waits.",
    seconds: { meaning: "delay", default: 3 },
  }),
  fault("hang", TOKEN_AND_GRAPH, {
    label: "No answer",
    effect: "The request is taken and never answered.",
  }),
  fault("reset", TOKEN_AND_GRAPH, {
    label: "Connection reset",
    effect: "The connection is torn down.",
  }),
  fault("truncated", TOKEN_AND_GRAPH, {
    label: "Cut-off answer",
    effect: "Half of the JSON, then the end.",
  }),
  fault("html_200", TOKEN_AND_GRAPH, {
    label: "HTML instead of JSON",
    effect: "200 with a captive portal's page.",
  }),
  fault("empty_json", TOKEN_AND_GRAPH, { label: "Empty answer", effect: "200 with {}." }),
  fault("blocked_403", TOKEN_AND_GRAPH, {
    label: "Blocked by a proxy",
    effect: "403 with JSON that names no error.",
  }),
  fault("redirect_307", TOKEN_AND_GRAPH, {
    label: "Redirected",
    effect: "307 to another host, where a secret must not be sent.",
  }),
  fault("huge_body", TOKEN_AND_GRAPH, { label: "Huge answer", effect: "200 with 64 MB." }),
  fault("imap_disabled", ["imap"], {
    label: "IMAP off for the mailbox",
    effect: "NO AUTHENTICATE failed.",
  }),
  fault("pop_disabled", ["pop3"], {
    label: "POP off for the mailbox",
    effect: "-ERR Authentication failure.",
  }),
  fault("smtp_auth_disabled_tenant", ["smtp"], {
    label: "SMTP AUTH off for the organisation",
    effect: "535 5.7.139 … disabled for the Tenant.",
  }),
  fault("smtp_auth_disabled_mailbox", ["smtp"], {
    label: "SMTP AUTH off for the mailbox",
    effect: "535 5.7.139 … disabled for the Mailbox.",
  }),
  fault("security_defaults", ["smtp"], {
    label: "Refused by policy",
    effect: "535 5.7.139 … did not meet the criteria.",
  }),
  fault("send_as_denied", ["smtp"], {
    label: "Send As denied",
    effect: "550 5.7.60 at MAIL FROM.",
  }),
  fault("authenticated_not_connected", ["imap"], {
    label: "Authenticated but not connected",
    effect: "IMAP takes the token, then refuses every command and hangs up.",
  }),
  fault("too_many_connections", MAIL, {
    label: "Too many connections",
    effect: "432 4.3.2 on SMTP, BYE on IMAP, -ERR on POP3.",
  }),
  fault("temporary", MAIL, {
    label: "Temporary refusal",
    effect: "454 4.7.0 on SMTP, NO [UNAVAILABLE] on IMAP, -ERR [SYS/TEMP] on POP3.",
  }),
  fault("mail_slow", MAIL, {
    label: "Mail server slow",
    effect: "Every reply waits.",
    seconds: { meaning: "delay", default: 2 },
  }),
  fault("mail_hang", MAIL, { label: "No greeting", effect: "Connected, then silence." }),
  fault("mail_drop", MAIL, { label: "Connection dropped", effect: "Reset as soon as it is open." }),
  fault("greeting_flood", MAIL, {
    label: "Endless greeting",
    effect: "A greeting line that does not end (32 MB at most).",
  }),
  fault("xss_banner", MAIL, {
    label: "Script in the greeting",
    effect: "The greeting holds an <img onerror> that a page must not run.",
  }),
  fault("no_xoauth2", MAIL, {
    label: "XOAUTH2 not offered",
    effect: "The mechanism is missing from the capabilities.",
  }),
  fault("no_starttls", MAIL, {
    label: "STARTTLS not offered",
    effect: "A server that should upgrade does not offer it.",
  }),
  fault("certificate_wrong_name", MAIL, {
    label: "Certificate for another name",
    effect: "Trusted, but issued to mail.wrong-name.test.",
  }),
  ...Object.entries(GOOGLE_ERRORS).map(([id, [status, code, description]]) =>
    fault(`google:${id}`, AUTHORIZE_AND_TOKEN, {
      label: `Google: ${code}`,
      effect: `${description} (status ${status}).`,
    }),
  ),
  ...SERVER_REPLIES.map(({ id, place, at, turns }) =>
    fault(id, [place], { label: `Says at ${at}`, effect: turns.join(" … ") }),
  ),
];
