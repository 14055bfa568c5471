import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hasLetterChannel } from "@/lib/letters/queries";
import { countLapsedToday, findLapsed, findLapsing, recipientsOf } from "./lapsed/store";
import { type LinkMail, MOST_LAPSED, REMIND_HOURS, UNSIGNED_DAYS } from "./schema";
import { findSettings } from "./store";

/** What Postkey sends by itself, whether it can, and what it holds back. */
export async function findLinkMail(actor: Actor): Promise<LinkMail> {
  requirePermission(actor, "providers:read");
  const [{ remindHoursBefore, unsignedDays, ...rest }, canMail] = await Promise.all([
    findSettings(),
    hasLetterChannel(),
  ]);
  const settings = {
    ...rest,
    reminds: remindHoursBefore !== null,
    remindHoursBefore: remindHoursBefore ?? REMIND_HOURS,
    reportsUnsigned: unsignedDays !== null,
    unsignedDays: unsignedDays ?? UNSIGNED_DAYS,
  };
  const sends = rest.sendsLapsedLinks && canMail;
  const [lapsed, lapsing, sentToday] = sends
    ? await Promise.all([findLapsed(), findLapsing(), countLapsedToday()])
    : [[], [], 0];
  const isTooMany = lapsed.length + lapsing.length > MOST_LAPSED;
  const left = rest.lapsedLinksPerDay - sentToday - recipientsOf(lapsed).length;
  return {
    settings,
    canMail,
    heldBack: lapsed.length > MOST_LAPSED ? lapsed.length : 0,
    soon: isTooMany ? [] : recipientsOf(lapsing).slice(0, Math.max(0, left)),
  };
}
