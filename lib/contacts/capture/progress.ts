import type { Inbox } from "@/lib/mail/inbox";
import type { ReceivedMessage } from "@/lib/mail/inbox-reading";
import { readSender, type SenderOptions, type SkipReason } from "@/lib/mail/senders";
import type { Progress } from "./store";

/** Before anything was read. */
export function nothing({ uidValidity }: Inbox): Progress {
  return {
    uidValidity,
    lastUid: 0,
    lastReceivedAt: null,
    messages: 0,
    senders: [],
    skipped: {},
  };
}

/** What some messages tell of their senders. */
export function summarise(
  inbox: Inbox,
  messages: ReceivedMessage[],
  options: SenderOptions,
): Progress {
  const progress = nothing(inbox);
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const { uid, receivedAt, header } of messages) {
    progress.messages += 1;
    progress.lastUid = Math.max(progress.lastUid, uid);
    if (!progress.lastReceivedAt || receivedAt > progress.lastReceivedAt)
      progress.lastReceivedAt = receivedAt;
    const sender = readSender(header, options);
    if (sender.kind === "person") {
      const { email, name } = sender;
      progress.senders.push({ email, name, receivedAt });
    } else skipped[sender.reason] = (skipped[sender.reason] ?? 0) + 1;
  }
  return { ...progress, skipped };
}
