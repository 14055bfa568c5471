import "server-only";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { networkAddress } from "./client-address";

/** What every actor carries beside who it is: where it comes from, and whether Postkey is locked. */
export async function circumstances(
  headers: Headers,
): Promise<Pick<Actor, "address" | "lockedBecause">> {
  const address = networkAddress(headers);
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
