import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { randomToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { calendarAddress } from "./queries";
import { saveCalendarToken } from "./store";

export async function renewCalendarAddress(actor: Actor): Promise<string> {
  requirePermission(actor, "alerts:write");
  requireRecentProof(actor);
  const token = randomToken();
  await db().$transaction(async (tx) => {
    await saveCalendarToken(tx, token);
    const object = { kind: "calendar", id: "1", name: "Calendar of expiries" };
    await recordAudit(tx, actor, { action: "calendar.renew_address", object });
  });
  return calendarAddress(token);
}
