import { randomUUID } from "node:crypto";
import { json, type WebRequest, type WebResponse } from "../http";
import { decodeJwt, hasValidSignature } from "../identity/jwt";
import { transportFault } from "../identity/transport-faults";
import { maySendAs } from "../mail/access";
import { parseMime } from "../mail/mime";
import type { Mailbox } from "../mail/store";
import { findRegistration, type Platform } from "../platform";
import { GRAPH_ANSWERS } from "./errors";

const PATH = /^\/v1\.0\/(me|users\/([^/]+))\/sendMail$/;
/** Larger MIME messages were answered 200, and not sent. */
const MAX_MIME_BYTES = 2_240 * 1024;

/** `POST /v1.0/me/sendMail` and `/v1.0/users/{mailbox}/sendMail`, with a message in MIME. */
export function sendMailHandler(platform: Platform, request: WebRequest): WebResponse | undefined {
  const [, place, user] = PATH.exec(decodeURIComponent(request.path)) ?? [];
  if (!place || request.method !== "POST") return undefined;
  const broken = transportFault(platform, { place: "graph", request });
  if (broken) return broken;
  const answer = sendMail(platform, request, user);
  platform.requests.record({ place: "graph", what: "sendMail", outcome: String(answer.status) });
  return answer;
}

function sendMail(platform: Platform, request: WebRequest, user: string | undefined): WebResponse {
  const rights = rightsOf(platform, request);
  if (!rights) return refusal("expired");
  const mailbox = platform.mail.find(user ?? rights.upn ?? "");
  if (!mailbox) return refusal(user ? "invalid_user" : "no_mailbox");
  if (["none", "password"].includes(mailbox.entry.kind)) return refusal("no_mailbox");
  if (!mayOpen(platform, rights, mailbox)) return refusal("access_denied");
  const { address } = mailbox.entry;
  const fault = Object.keys(GRAPH_ANSWERS).find((name) =>
    platform.faults.strikes(`graph:${name}`, { place: "graph", mailbox: address }),
  );
  const isSent = fault === undefined || GRAPH_ANSWERS[fault]?.[3] === "sent";
  const unsent =
    isSent && deliver(platform, { mailbox, owner: rights.upn ?? address }, request.text);
  if (unsent) return unsent;
  return fault ? refusal(fault) : { status: 202, headers: { "request-id": randomUUID() } };
}

type Sender = { mailbox: Mailbox; owner: string };

/** The recipients are those of its header. */
function deliver(platform: Platform, { mailbox, owner }: Sender, text: string) {
  const raw = Buffer.from(text, "base64");
  if (text === "" || raw.toString("base64") !== text)
    return error(400, { code: "ErrorMimeContentInvalidBase64String", message: "Invalid MIME." });
  if (raw.length > MAX_MIME_BYTES) return json(200, {});
  const { headers } = parseMime(raw);
  const to = ["to", "cc", "bcc"].flatMap((name) => addressesIn(headers.get(name)));
  if (to.length === 0) return refusal("recipients");
  const { address } = mailbox.entry;
  const [from = address] = addressesIn(headers.get("from"));
  // Who may open a mailbox may not send as it.
  const own = platform.mail.find(owner) ?? mailbox;
  if (!maySendAs({ mailbox: own, owner }, from)) return refusal("send_as_denied");
  platform.mail.deliver({ from: address, to, raw: withoutBcc(raw) });
  return undefined;
}

type Rights = { upn: string | undefined; appId: string; permissions: readonly string[] };

function rightsOf(platform: Platform, { headers }: WebRequest): Rights | undefined {
  const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
  const jwt = scheme === "Bearer" ? decodeJwt(token) : undefined;
  const isGood =
    jwt !== undefined &&
    hasValidSignature(jwt, platform.keys.publicKey) &&
    jwt.claims.aud === platform.authority &&
    Number(jwt.claims.exp) > platform.now() / 1000;
  if (!isGood) return undefined;
  const { upn, appid, scp, roles } = jwt.claims;
  return {
    upn: typeof upn === "string" ? upn.toLowerCase() : undefined,
    appId: String(appid),
    permissions: Array.isArray(roles) ? roles.map(String) : String(scp ?? "").split(" "),
  };
}

function mayOpen(platform: Platform, { upn, appId, permissions }: Rights, mailbox: Mailbox) {
  const { address, fullAccess } = mailbox.entry;
  if (upn === undefined)
    return findRegistration(platform, appId)?.appMailboxes.includes(address) ?? false;
  if (upn === address) return permissions.includes("Mail.Send");
  return permissions.includes("Mail.Send.Shared") && fullAccess.includes(upn);
}

function refusal(name: string): WebResponse {
  const [status, code, message, more] = GRAPH_ANSWERS[name] ?? [500, "UnknownError", ""];
  if (more === "html")
    return { status, headers: { "content-type": "text/html" }, body: "<h1>Hotel Wi-Fi</h1>" };
  if (code === "") return json(status, {});
  return error(status, { code, message }, name === "throttled" ? { "retry-after": "2" } : {});
}

type Words = { code: string; message: string };

function error(status: number, { code, message }: Words, more: Record<string, string> = {}) {
  const requestId = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), "request-id": requestId };
  return json(
    status,
    { error: { code, message, innerError } },
    { "request-id": requestId, ...more },
  );
}

function addressesIn(header: string | undefined): string[] {
  return [...(header ?? "").matchAll(/[^\s<>",;]+@[^\s<>",;]+/g)].map(([address]) =>
    address.toLowerCase(),
  );
}

function withoutBcc(raw: Buffer): Buffer {
  const text = raw.toString("latin1");
  const end = text.indexOf("\r\n\r\n") + "\r\n".length;
  const head = text.slice(0, end).replace(/^bcc:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*/gim, "");
  return Buffer.from(head + text.slice(end), "latin1");
}
