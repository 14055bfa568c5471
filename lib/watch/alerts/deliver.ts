import "server-only";
import { DeliveryError } from "@/lib/egress/delivery-error";
import { postWebhook } from "@/lib/egress/post-webhook";
import { openSubmission } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { type OutgoingMail, sendMail } from "@/lib/mail/send";
import { asAppError } from "@/lib/remedies/app-error";
import { openAddress, openSecret } from "./channels/store";
import type { Target } from "./schema";
import { type PendingDelivery, saveDelivered, saveFailed } from "./store";

/**
 * Sends one alert to one channel and records the outcome.
 * @throws DeliveryError so that the caller tries again later
 */
export async function deliver(
  actor: Actor,
  delivery: PendingDelivery,
  { isLast }: { isLast: boolean },
): Promise<void> {
  try {
    const result = await send(actor, delivery);
    await saveDelivered(delivery, result);
  } catch (error) {
    const text = failureText(error);
    await saveFailed(delivery, { text, isLast });
    log.warn({ error, alertDeliveryId: delivery.id }, "alert not delivered");
    throw new DeliveryError(text, { cause: error });
  }
}

async function send(actor: Actor, delivery: PendingDelivery): Promise<string> {
  const { target } = delivery;
  switch (target.kind) {
    case "webhook": {
      const secret = openSecret(delivery);
      const address = openAddress(delivery, target.origin);
      const { payload, createdAt, alertId } = delivery;
      const body = JSON.stringify({ ...payload, timestamp: createdAt.toISOString() });
      return postWebhook(address, { id: `msg_${alertId}`, body, secret });
    }
    case "smtp":
      return sendMail({ ...letter(delivery, target), ...smtpServer(delivery, target) });
    case "email_account":
      return sendMail({ ...letter(delivery, target), ...(await sender(actor, target)) });
    default:
      throw new Error(`Unhandled target ${target satisfies never}`);
  }
}

type MailTarget = Extract<Target, { recipients: string[] }>;
type Server = Pick<OutgoingMail, "endpoint" | "credential" | "from">;

function letter(delivery: PendingDelivery, { recipients }: MailTarget) {
  const { subject, text, id } = delivery;
  const messageId = `<${id}@${env().url.hostname}>`;
  return { to: recipients, subject: `[Postkey] ${subject}`, text, messageId, isAutomatic: true };
}

function smtpServer(
  delivery: PendingDelivery,
  { smtp, from, user }: Extract<Target, { kind: "smtp" }>,
): Server {
  if (user === "") return { endpoint: smtp, from, credential: null };
  const credential = { kind: "password", user, password: openSecret(delivery) } as const;
  return { endpoint: smtp, from, credential };
}

async function sender(
  actor: Actor,
  { emailAccountId }: Extract<Target, { kind: "email_account" }>,
): Promise<Server> {
  return openSubmission(actor, await findMailboxAccount(actor, emailAccountId, "mail:send"));
}

/** For people: the known cause, and never the full reply. */
function failureText(error: unknown): string {
  const known = asAppError(error);
  if (known instanceof DeliveryError || known instanceof AppError) return known.message;
  return "Something went wrong here. The log has the details.";
}
