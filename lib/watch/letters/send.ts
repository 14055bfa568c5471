import type { Actor } from "@/lib/kernel/actor";
import { type Backoff, waitAfterFailures } from "@/lib/kernel/backoff";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { LEASES } from "@/lib/kernel/leases";
import { log } from "@/lib/kernel/log";
import { words } from "@/lib/kernel/words";
import {
  type ClaimedLetter,
  claimLetter,
  openText,
  putOff,
  saveRefused,
  saveSent,
  settleLetters,
} from "@/lib/letters/outbox/store";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { openServer, sendFrom } from "../alerts/channels/mail";
import { failureText } from "../alerts/deliver";
import { findLetterChannel, type LetterChannel } from "./store";

const RETRY: Backoff = { firstMs: MINUTE_MS, longestMs: HOUR_MS };

type Options = { deadlineMs?: number };

/** @permission none: only the keeper calls it, with an actor that may only send mail. */
export async function sendDueLetter(actor: Actor, options: Options = {}): Promise<void> {
  await settleLetters();
  const letter = await claimLetter();
  if (letter) await sendLetter(actor, letter, options);
}

async function sendLetter(actor: Actor, letter: ClaimedLetter, options: Options): Promise<void> {
  try {
    await saveSent(letter, await mail(actor, letter, options));
  } catch (error) {
    const result = failureText(error);
    // The recipient is personal, and the text holds a link.
    log.warn({ error, letterId: letter.id }, "letter not sent");
    // Another attempt would be refused too.
    if (isOfRecipient(error) && !error.isPassing) return saveRefused(letter, result);
    const waitMs = waitAfterFailures(RETRY, letter.attempts - 1);
    await putOff(letter, { result, waitMs, isOfAll: !isOfRecipient(error) });
  }
}

async function mail(actor: Actor, letter: ClaimedLetter, { deadlineMs }: Options): Promise<string> {
  const text = openText(letter);
  const channel = await findLetterChannel();
  const { id, recipient, subject } = letter;
  const secrets = text.match(LINK_TOKEN) ?? [];
  const server = await openServer(actor, channel);
  await requireStillChosen(channel);
  // Another keeper may be sending it.
  if (!LEASES.letter.isYoung(letter.ageMs()))
    throw new AppError("temporarily_unavailable", "Postkey was paused before it could send this.");
  return sendFrom(server, { id, to: [recipient], subject, text, secrets }, deadlineMs);
}

/** Read after the account: a change to it stops the channel in the same transaction. */
async function requireStillChosen({ alertChannelId, version }: LetterChannel): Promise<void> {
  const now = await findLetterChannel();
  if (now.alertChannelId !== alertChannelId || now.version !== version)
    throw new AppError("conflict", "The channel that sends links was just changed.");
}

/** The part of a link that opens, behind its #. */
const LINK_TOKEN = /(?<=#)[\w-]{43}/g;

/** About the sender or server, though said where recipients are refused. */
const OF_SENDER = new Set<string>(
  words(
    "smtp.sender_blocked smtp.tenant_blocked smtp.address_refused smtp.send_as_denied",
    "smtp.recipient_quota smtp.client_refused smtp.not_authenticated mail.throttled",
  ),
);

/** Others may still go out. */
function isOfRecipient(error: unknown): error is ProbeFailure {
  return (
    error instanceof ProbeFailure && error.stage === "mailbox" && !OF_SENDER.has(error.remedyId)
  );
}
