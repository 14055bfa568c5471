import { randomUUID } from "node:crypto";
import { countOwnMail, inPlace } from "@/lib/devices/places/own";
import { openSubmission } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { sendMail } from "@/lib/mail/send";
import { asAppError } from "@/lib/remedies/app-error";
import { recordSent } from "./mutations";
import type { OutgoingMessage, SentMessage } from "./schema";

/** Automatic is what no person or program asked for word by word. */
type Message = OutgoingMessage & { isAutomatic?: boolean };

/**
 * Hands one message in at the account's server, from its email address.
 * @throws AppError not_found; what `getAccessToken` throws; conflict or temporarily_unavailable with the
 *   remedy of what the server refused
 */
export async function sendMessage(
  actor: Actor,
  emailAccountId: string,
  { to, subject, text, isAutomatic = false }: Message,
): Promise<SentMessage> {
  const account = await findMailboxAccount(actor, emailAccountId, "mail:send");
  const submission = await openSubmission(actor, account);
  const messageId = `<${randomUUID()}@${env().url.hostname}>`;
  const mail = { ...submission, to: [to], subject, text, messageId, isAutomatic };
  const send = async () => {
    await countOwnMail(account, mail.to.length);
    return sendMail(mail);
  };
  const response = await inPlace(account, "smtp", send).catch((error: unknown) => {
    throw asAppError(error);
  });
  await recordSent(actor, account, { messageId });
  return { messageId, response, queueId: queueIdOf(response) };
}

export function sendTestMessage(
  actor: Actor,
  { emailAccountId, to }: { emailAccountId: string; to: string },
): Promise<SentMessage> {
  const text = `Postkey sent this message to test an email account. You don't need to do anything.\n\nAsked for by ${actor.name}.\n`;
  return sendMessage(actor, emailAccountId, { to, subject: "Test message of Postkey", text });
}

/** Postfix says `queued as 4XYZ`, Exchange `Queued mail for delivery` with ids in brackets before it. */
function queueIdOf(response: string): string | null {
  const [, named] = /\bqueued as ([\w.-]+)/i.exec(response) ?? [];
  const [, internal] = /\bInternalId=(\d+)/i.exec(response) ?? [];
  const [, gmail] = /^2\d\d 2\.0\.0 OK +(\d+ [\w-]+)/.exec(response) ?? [];
  return named ?? internal ?? gmail ?? null;
}
