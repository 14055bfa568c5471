import "server-only";
import { DeliveryError } from "@/lib/egress/delivery-error";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { deliver } from "./deliver";
import { insertTestDelivery } from "./store";

/**
 * Sends a message now, once, and returns the outcome at once. It is in the channel's log
 * like any other.
 *
 * @throws AppError not_found, temporarily_unavailable with the reason
 */
export async function sendTestAlert(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "alerts:write");
  const delivery = await insertTestDelivery(id, {
    subject: "Test",
    text: `This is a test, sent by ${actor.name}. Alerts of Postkey arrive here.\n\n${env().url.origin}`,
    payload: { type: "test", data: { sentBy: actor.name, url: env().url.origin } },
  });
  if (!delivery) throw new AppError("not_found", "This alert channel no longer exists.");
  await deliver(actor, delivery, { isLast: true }).catch((error: unknown) => {
    throw error instanceof DeliveryError ? notSent(error) : error;
  });
}

function notSent(cause: DeliveryError): AppError {
  return new AppError("temporarily_unavailable", cause.message, { cause });
}
