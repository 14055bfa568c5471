import { openAccountInbox, openReading } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { waitAfterFailures } from "@/lib/kernel/backoff";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { Inbox, ReceivedMessage } from "@/lib/mail/inbox";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { readSender, type SenderOptions, type SkipReason } from "@/lib/mail/senders";
import type { CaptureClaim } from "./leases/store";
import {
  findCaptureOptions,
  findPosition,
  type Progress,
  type StoredPosition,
  saveFailure,
  saveProgress,
  saveQuiet,
} from "./store";

const RETRY = { firstMs: 5 * SECOND_MS, longestMs: 15 * MINUTE_MS, leastMs: 2 * SECOND_MS };
/** SINCE compares the server's days only. */
const OVERLAP_MS = 2 * DAY_MS;

type Following = { owner: string; claim: CaptureClaim; signal: AbortSignal };

/** Until it is told to stop, loses the inbox or fails. Changes nothing in the mailbox. */
export async function follow(actor: Actor, following: Following): Promise<void> {
  requirePermission(actor, "accounts:test");
  const { owner, claim, signal } = following;
  let inbox: Inbox | undefined;
  try {
    const source = await openSource(actor, following);
    inbox = source.inbox;
    let position = await reconcile(following, source);
    if (position === null || !(await saveQuiet(owner, claim))) return;
    while (!signal.aborted) {
      await inbox.untilNews();
      const last: number = position;
      position = await catchUp(following, source, last);
      if (position === null) return;
      if (position === last && !(await saveQuiet(owner, claim))) return;
    }
  } catch (error) {
    if (!signal.aborted) await giveUp(following, error);
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
  const inbox = await openAccountInbox(account, {
    ...(await openReading(actor, account, "test")),
    signal,
  });
  const { emailAddress, username, mailbox } = account;
  const ownAddresses = [emailAddress, username, mailbox ?? ""].filter((text) => text.includes("@"));
  return { inbox, options: { ...options, ownAddresses } };
}

/**
 * New UIDs (RFC 9051 §2.3.1.1: the mailbox was recreated) are read again by date.
 * @returns the last UID that was read; null: another keeper has the inbox
 */
async function reconcile(following: Following, source: Source): Promise<number | null> {
  const { owner, claim } = following;
  const { inbox } = source;
  const known = await findPosition(claim.emailAccountId);
  const newest = inbox.uidNext - 1;
  if (known.uidValidity === inbox.uidValidity)
    return catchUp(following, source, Math.min(Number(known.lastUid), newest));
  const isFirst = known.uidValidity === null;
  if (!isFirst && !(await readAnew(following, source, known))) return null;
  const progress = { ...nothing(inbox), lastUid: newest };
  const { isHeld } = await saveProgress(owner, claim, progress);
  return isHeld ? newest : null;
}

async function readAnew(
  { owner, claim, signal }: Following,
  { inbox, options }: Source,
  { lastReceivedAt }: StoredPosition,
): Promise<boolean> {
  if (!lastReceivedAt) return true;
  log.info({ emailAccountId: claim.emailAccountId }, "inbox has other UIDs: reading by date");
  const since = new Date(lastReceivedAt.getTime() - OVERLAP_MS);
  for await (const messages of inbox.readSince(since)) {
    signal.throwIfAborted();
    const progress = { ...summarise(inbox, messages, options), lastUid: 0 };
    if (!(await saveProgress(owner, claim, progress)).isHeld) return false;
  }
  return true;
}

async function catchUp(
  { owner, claim, signal }: Following,
  { inbox, options }: Source,
  lastUid: number,
): Promise<number | null> {
  let last = lastUid;
  for await (const messages of inbox.read(last + 1)) {
    signal.throwIfAborted();
    const progress = summarise(inbox, messages, options);
    if (!(await saveProgress(owner, claim, progress)).isHeld) return null;
    last = progress.lastUid;
  }
  return last;
}

async function giveUp({ owner, claim }: Following, error: unknown): Promise<void> {
  const failureId = failureOf(error);
  const waitMs = waitAfterFailures(RETRY, claim.failures);
  log.warn({ emailAccountId: claim.emailAccountId, failureId }, "inbox is not followed now");
  await saveFailure(owner, claim, { failureId, waitMs });
}

function failureOf(error: unknown): string {
  if (error instanceof ProbeFailure) return error.failure.remedyId;
  if (error instanceof AppError && error.remedyId) return error.remedyId;
  log.error({ error }, "following an inbox broke off");
  return "postkey.unexpected";
}

function nothing({ uidValidity }: Inbox): Progress {
  return {
    uidValidity,
    lastUid: 0,
    lastReceivedAt: null,
    messages: 0,
    senders: [],
    skipped: {},
  };
}

function summarise(inbox: Inbox, messages: ReceivedMessage[], options: SenderOptions): Progress {
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
