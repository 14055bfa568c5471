import { json, type WebRequest, type WebResponse } from "../http";
import type { Platform } from "../platform";
import { errorResponse, IdentityError } from "./identity-error";

type Broken = { seconds: number | undefined; request: WebRequest };
type MakeAnswer = (platform: Platform, broken: Broken) => WebResponse;

const HTML = { "content-type": "text/html; charset=utf-8" };

/** Faults below OAuth: what a proxy, a captive portal or an overloaded service does. */
const ANSWERS: Readonly<Record<string, MakeAnswer>> = {
  throttled: (platform, { seconds = 30 }) =>
    errorResponse(platform, new IdentityError(90055, { status: 429, retryAfterSeconds: seconds })),
  throttled_unsaid: (platform) =>
    errorResponse(platform, new IdentityError(90055, { status: 429 })),
  server_error: () => ({
    status: 503,
    headers: HTML,
    body: "<!doctype html><title>Service unavailable</title><h1>The service is unavailable.</h1>",
  }),
  echo: (_platform, { request }) => echo(request),
  reset: () => ({ status: 200, delivery: "reset" }),
  truncated: () => ({
    ...json(200, { token_type: "Bearer", expires_in: 3599, access_token: "cut-off ".repeat(40) }),
    delivery: "truncated",
  }),
  html_200: () => ({
    status: 200,
    headers: HTML,
    body: "<!doctype html><title>Hotel Wi-Fi</title><h1>Please accept our terms to go online.</h1>",
  }),
  empty_json: () => json(200, {}),
  blocked_403: () => json(403, { message: "blocked" }),
  huge_body: () => ({
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    delivery: "huge",
  }),
};

/** As a proxy or a careless platform reports a bad request: it repeats all parts, in several encodings. */
function echo({ body, headers }: WebRequest): WebResponse {
  const values = [...body.values()].join("\n ");
  const written = `${values} | ${body} | ${btoa(values)} | ${headers.authorization ?? ""}`;
  const fields = { error: "invalid_request", correlation_id: values, trace_id: written };
  return json(400, {
    ...fields,
    error_codes: [900144],
    error_description: `Cannot read ${written}`,
  });
}

/** The answer of the transport fault that strikes this request, if one does. */
export function transportFault(
  platform: Platform,
  where: { place: "token" | "graph"; mailbox?: string | undefined; request: WebRequest },
) {
  const { place, mailbox, request } = where;
  for (const [id, answer] of Object.entries(ANSWERS)) {
    const fault = platform.faults.strikes(id, { place, mailbox });
    if (!fault) continue;
    const record = { place, what: "fault", outcome: id };
    platform.requests.record(mailbox ? { ...record, mailbox } : record);
    return answer(platform, { seconds: fault.seconds, request });
  }
  return undefined;
}
