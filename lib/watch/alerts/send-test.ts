import { DeliveryError } from "@/lib/egress/post-webhook";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { deliver } from "./deliver";
import { beginTestDelivery } from "./mutations";

/** Logged like any other. @throws AppError not_found, temporarily_unavailable with the reason */
export async function sendTestAlert(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "alerts:write");
  const delivery = await beginTestDelivery(actor, {
    id,
    subject: "Test",
    text: `This is a test, sent by ${actor.name}. Alerts of Postkey arrive here.\n\n${env().url.origin}`,
    payload: { type: "test", data: { sentBy: actor.name, url: env().url.origin } },
  });
  await deliver(actor, delivery, { isLast: true }).catch((error: unknown) => {
    if (!(error instanceof DeliveryError)) throw error;
    throw new AppError("temporarily_unavailable", error.message, { cause: error });
  });
}
