import "server-only";
import { timingSafeEqual } from "node:crypto";
import type { Actor } from "@/lib/kernel/actor";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { mintActor } from "@/lib/kernel/mint-actor";
import { openCalendarToken } from "@/lib/watch/calendar/store";

/** Calendar programs can send no other proof than the address. @throws AppError not_found */
export async function requireCalendarActor(token: string): Promise<Actor> {
  const known = await openCalendarToken();
  if (!known || !isSame(known, token))
    throw new AppError("not_found", "There is no calendar at this address.");
  const permissions = new Set(["providers:read", "accounts:read"] as const);
  return mintActor({ kind: "api_key", id: "calendar", name: "Calendar", permissions });
}

/** Hashes have equal lengths. */
function isSame(known: string, token: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(known)), Buffer.from(hashToken(token)));
}
