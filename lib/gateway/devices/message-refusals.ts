import { recordAttempt } from "@/lib/devices/attempts/record";
import type { Outcome } from "@/lib/devices/attempts/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { refusalRemedy } from "@/lib/mail/refusals";
import type { MailStage } from "@/lib/mail/schema";
import { mailService } from "@/lib/mail/services/schema";
import type { FailureContext } from "@/lib/mail/stage-order";
import { safeServerText, withoutTag } from "@/lib/mail/text";
import { OUTCOME_UNKNOWN } from "@/lib/remedies/graph-sending";
import type { Client } from "./client";
import type { Session } from "./sessions";

const SHOWN_MAX = 300;
/** Our own words for Microsoft Graph end with what they stand for. */
const NAMED = /\[([\w.]+)\]$/;

export function recordRefusedMessage(
  client: Client,
  session: Session,
  { text, stage = "mailbox" }: { text: string; stage?: MailStage },
): void {
  const { sendsByGraph } = session.device;
  const found = sendsByGraph
    ? (NAMED.exec(text)?.[1] ?? null)
    : refusalRemedy(text, refusedAt(session, "smtp", stage)).remedyId;
  const remedyId = found === "smtp.refused" ? null : found;
  const reply = safeServerText(text).slice(0, SHOWN_MAX);
  const outcome = remedyId === OUTCOME_UNKNOWN ? "message_unknown" : "message_refused";
  record(client, session, { outcome, remedyId, reply });
}

export function recordUnusableMailbox(client: Client, session: Session, text: string): void {
  const { protocol } = client;
  const { remedyId } = refusalRemedy(text, refusedAt(session, protocol, "mailbox"));
  const reply = safeServerText(withoutTag(text, protocol)).slice(0, SHOWN_MAX);
  record(client, session, { outcome: "server_refused", remedyId, reply });
}

function refusedAt({ device }: Session, protocol: Protocol, stage: MailStage): FailureContext {
  const credential = device.modernAuthentication ? "xoauth2" : "password";
  return { protocol, stage, credential, service: mailService(device.service).platform };
}

export function recordRefusedSender(client: Client, session: Session, address: string): void {
  const reply = safeServerText(`MAIL FROM:<${address}>`).slice(0, SHOWN_MAX);
  record(client, session, { outcome: "sender_refused", remedyId: null, reply });
}

export function recordTooFast(client: Client, session: Session, reply: string): void {
  record(client, session, { outcome: "too_fast", remedyId: null, reply });
}

type Refused = { outcome: Outcome; remedyId: string | null; reply: string };

function record(client: Client, { device }: Session, refused: Refused): void {
  const { protocol, address, says, tlsVersion } = client;
  const named = { id: device.id, name: device.name };
  recordAttempt({ protocol, address, client: says, tlsVersion, ...refused, device: named });
}
