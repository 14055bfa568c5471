import { DeliveryError, postWebhook } from "@/lib/egress/post-webhook";
import type { Actor } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { asAppError } from "@/lib/remedies/app-error";
import { type Mail, type MailTarget, mailThrough } from "./channels/mail";
import { openAddress, openSecret } from "./channels/store";
import { type PendingDelivery, saveDelivered, saveFailed } from "./store";

/**
 * @throws DeliveryError so that the caller tries again later
 * @permission none: only the keeper calls it, with an actor that may only test accounts.
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
    case "email_account":
      return mailThrough(actor, { ...delivery, target }, mailOf(delivery, target));
    default:
      throw new Error(`Unhandled target ${target satisfies never}`);
  }
}

function mailOf({ subject, text, id }: PendingDelivery, { recipients }: MailTarget): Mail {
  return { id, to: recipients, subject: `[Postkey] ${subject}`, text };
}

/** The known cause, never the full reply. */
export function failureText(error: unknown): string {
  const known = asAppError(error);
  if (known instanceof DeliveryError || known instanceof AppError) return known.message;
  return "Something went wrong here. The log has the details.";
}
