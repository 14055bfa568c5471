import { openAccountInbox } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { waitAfterFailures } from "@/lib/kernel/backoff";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { Inbox, InboxPosition, ReceivedMessage } from "@/lib/mail/inbox";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { readSender, type SenderOptions } from "@/lib/mail/senders";
import type { CaptureClaim } from "./leases/store";
import {
  findCaptureOptions,
  findPosition,
  type Progress,
  saveFailure,
  saveProgress,
  saveQuiet,
} from "./store";

const RETRY = { firstMs: 5 * SECOND_MS, longestMs: 15 * MINUTE_MS, leastMs: 2 * SECOND_MS };

type Following = { owner: string; claim: CaptureClaim; signal: AbortSignal };

/** Until it is told to stop, loses the inbox or fails. Changes nothing in the mailbox. */
export async function follow(actor: Actor, following: Following): Promise<void> {
  requirePermission(actor, "accounts:test");
  const { owner, claim, signal } = following;
  let inbox: Inbox | undefined;
  let { failures } = claim;
  try {
    const source = await openSource(actor, following);
    inbox = source.inbox;
    let position = await findPosition(claim.emailAccountId);
    while (!signal.aborted) {
      const last: InboxPosition = position;
      const reached = await catchUp(following, source, last);
      if (reached === null) return;
      position = reached;
      if (position === last && !(await saveQuiet(owner, claim))) return;
      failures = 0;
      await inbox.untilNews();
    }
  } catch (error) {
    if (!signal.aborted) await giveUp({ ...following, claim: { ...claim, failures } }, error);
  } finally {
    inbox?.close();
  }
}

type Source = { inbox: Inbox; options: SenderOptions };

async function openSource(actor: Actor, { claim, signal }: Following): Promise<Source> {
  const { emailAccountId } = claim;
  const account = await findMailboxAccount(actor, emailAccountId);
  const options = await findCaptureOptions(emailAccountId);
  if (!options) throw new AppError("not_found", "This email account no longer exists.");
  const inbox = await openAccountInbox(actor, account, { purpose: "test", signal });
  const { emailAddress, username, mailbox } = account;
  const ownAddresses = [emailAddress, username, mailbox ?? ""].filter((text) => text.includes("@"));
  return { inbox, options: { ...options, ownAddresses } };
}

/** @returns the position that was reached; null: another keeper has the inbox */
async function catchUp(
  { owner, claim, signal }: Following,
  { inbox, options }: Source,
  known: InboxPosition,
): Promise<InboxPosition | null> {
  let reached = known;
  for await (const { messages, position } of inbox.readOn(known)) {
    signal.throwIfAborted();
    const progress = { ...summarise(messages, options), position };
    if (!(await saveProgress(owner, claim, progress)).isHeld) return null;
    reached = { ...position, readUntil: position.readUntil ?? reached.readUntil };
  }
  return reached;
}

async function giveUp({ owner, claim }: Following, error: unknown): Promise<void> {
  const failureId = failureOf(error);
  const askedMs = error instanceof ProbeFailure ? (error.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(waitAfterFailures(RETRY, claim.failures), askedMs);
  log.warn({ emailAccountId: claim.emailAccountId, failureId }, "inbox is not followed now");
  await saveFailure(owner, claim, { failureId, waitMs });
}

function failureOf(error: unknown): string {
  if (error instanceof ProbeFailure) return error.failure.remedyId;
  if (error instanceof AppError && error.remedyId) return error.remedyId;
  log.error({ error }, "following an inbox broke off");
  return "postkey.unexpected";
}

function summarise(messages: ReceivedMessage[], options: SenderOptions) {
  const read: Omit<Progress, "position"> = {
    messages: 0,
    senders: [],
    skipped: {},
  };
  for (const { receivedAt, header } of messages) {
    read.messages += 1;
    const sender = readSender(header, options);
    if (sender.kind === "person") {
      const { email, name } = sender;
      read.senders.push({ email, name, receivedAt });
    } else read.skipped[sender.reason] = (read.skipped[sender.reason] ?? 0) + 1;
  }
  return read;
}
