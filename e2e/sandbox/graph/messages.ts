import { randomUUID } from "node:crypto";
import { json, type WebRequest, type WebResponse } from "../http";
import { transportFault } from "../identity/transport-faults";
import { maySendAs } from "../mail/access";
import { parseMime } from "../mail/mime";
import type { Mailbox } from "../mail/store";
import type { Platform } from "../platform";
import { error, GRAPH_ANSWERS, refusal } from "./errors";
import { openMailbox } from "./rights";

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
  const opened = openMailbox(platform, request, { user, permission: "Mail.Send" });
  if ("status" in opened) return opened;
  const { address } = opened.mailbox.entry;
  const fault = Object.keys(GRAPH_ANSWERS).find((name) =>
    platform.faults.strikes(`graph:${name}`, { place: "graph", mailbox: address }),
  );
  const isSent = fault === undefined || GRAPH_ANSWERS[fault]?.[3] === "sent";
  const unsent = isSent && deliver(platform, opened, request.text);
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
