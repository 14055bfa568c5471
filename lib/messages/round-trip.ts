import { openAccountInbox } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { readEnvelope } from "@/lib/mail/header-fields";
import { type Inbox, type InboxPosition, NOWHERE, type ReceivedMessage } from "@/lib/mail/inbox";
import { asAppError } from "@/lib/remedies/app-error";
import type { RoundTripEvent } from "./schema";
import { sendMessage } from "./send";

/** Exchange delivers within seconds; a minute is what a person waits. */
const DEADLINE_MS = 60 * SECOND_MS;

/**
 * Has an account send a message to itself and watches its INBOX until it arrives.
 * @throws AppError as `sendMessage` and `readNewestMessages` do
 */
export async function roundTrip(
  actor: Actor,
  emailAccountId: string,
  { signal, onEvent }: { signal: AbortSignal; onEvent: (event: RoundTripEvent) => void },
): Promise<void> {
  requirePermissionOnAccounts(actor, "mail:send");
  const account = await findMailboxAccount(actor, emailAccountId, "mail:read");
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const either = AbortSignal.any([signal, deadline]);
  let inbox: Inbox | undefined;
  const startedAt = performance.now();
  const afterMs = () => Math.round(performance.now() - startedAt);
  try {
    // Opened first: what arrives in between is not missed.
    inbox = await openAccountInbox(actor, account, { purpose: "read", signal: either });
    const begin = await readOn(inbox, NOWHERE);
    const letter = { to: account.emailAddress, subject: "Round trip of Postkey", text: TEXT };
    const sent = await sendMessage(actor, emailAccountId, { ...letter, isAutomatic: true });
    onEvent({ type: "sent", afterMs: afterMs(), sent });
    await untilArrived(inbox, { messageId: sent.messageId, begin });
    onEvent({ type: "arrived", afterMs: afterMs() });
  } catch (error) {
    if (signal.aborted) return;
    if (!deadline.aborted) throw asAppError(error);
    onEvent({ type: "missing", afterMs: afterMs() });
  } finally {
    inbox?.close();
  }
}

const TEXT = "Postkey sent this message to measure its way back. It can be deleted.\n";

type Awaited = { messageId: string; begin: InboxPosition };

async function untilArrived(inbox: Inbox, { messageId, begin }: Awaited): Promise<void> {
  let isThere = false;
  const look = ({ header }: ReceivedMessage) => {
    isThere ||= readEnvelope(header).messageId === messageId;
  };
  for (let position = begin; ; await inbox.untilNews()) {
    position = await readOn(inbox, position, look);
    if (isThere) return;
  }
}

/** @returns the position behind it */
async function readOn(
  inbox: Inbox,
  from: InboxPosition,
  look: (message: ReceivedMessage) => void = () => {},
): Promise<InboxPosition> {
  let position = from;
  for await (const part of inbox.readOn(from)) {
    part.messages.forEach(look);
    position = part.position;
  }
  return position;
}
