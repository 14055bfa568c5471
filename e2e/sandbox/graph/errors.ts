import { randomUUID } from "node:crypto";
import { json, type WebResponse } from "../http";

/**
 * What Microsoft Graph says instead of sending, each a fault `graph:<name>`: status, `error.code`, message, and what
 * else it does. `sent` is sent all the same.
 */
export const GRAPH_ANSWERS: Readonly<
  Record<string, readonly [status: number, code: string, message: string, more?: "sent" | "html"]>
> = {
  access_denied: [403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."],
  no_permissions: [403, "NoPermissionsInAccessToken", "The token contains no permissions."],
  send_as_denied: [
    403,
    "ErrorSendAsDenied",
    "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.",
  ],
  no_mailbox: [
    404,
    "MailboxNotEnabledForRESTAPI",
    "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
  ],
  invalid_user: [404, "ErrorInvalidUser", "The requested user 'x' is invalid."],
  blocked: [403, "ErrorMessageSubmissionBlocked", "Cannot send mail. Follow the instructions."],
  limit: [429, "ErrorExceededMessageLimit", "The message limit for the mailbox is exceeded."],
  quota: [429, "ErrorQuotaExceeded", "The mailbox is full."],
  recipients: [400, "ErrorInvalidRecipients", "At least one recipient is not valid."],
  code_with_breaks: [400, "Odd\u010d\u010a250 2.0.0 Injected", "Characters that end in CR and LF."],
  unknown_code: [400, "ErrorOfNextYear", "A reason that nobody knows yet."],
  expired: [401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."],
  throttled: [429, "TooManyRequests", "Application is over its MailboxConcurrency limit."],
  gateway_timeout: [504, "UnknownError", "", "sent"],
  not_sent: [200, "", ""],
  proxy_limit: [413, "", "", "html"],
  portal: [200, "", "", "html"],
};

/** What is wrong with an answer to delta, each a fault `delta:<name>`. */
export const DELTA_FAULTS: Readonly<Record<string, string>> = {
  gone: "410 SyncStateNotFound for the link of a round that ended.",
  elsewhere: "The link leads to another host.",
  downgraded: "The link leads to http.",
  endless: "The link leads back to itself.",
  odd_rows: "Also a row of a flag, one that was removed, and each message twice.",
};

export function refusal(name: string): WebResponse {
  const [status, code, message, more] = GRAPH_ANSWERS[name] ?? [500, "UnknownError", ""];
  if (more === "html")
    return { status, headers: { "content-type": "text/html" }, body: "<h1>Hotel Wi-Fi</h1>" };
  if (code === "") return json(status, {});
  return error(status, { code, message }, name === "throttled" ? { "retry-after": "2" } : {});
}

type Words = { code: string; message: string };

export function error(status: number, { code, message }: Words, more: Record<string, string> = {}) {
  const requestId = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), "request-id": requestId };
  return json(
    status,
    { error: { code, message, innerError } },
    { "request-id": requestId, ...more },
  );
}
