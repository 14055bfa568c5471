import "server-only";
import type { Actor } from "@/lib/actor";
import { findLock } from "@/lib/keys/store";
import { networkAddress } from "./client-address";

/** What every actor carries beside who it is: where it comes from, and whether Postkey is locked. */
export async function circumstances(
  headers: Headers,
): Promise<Pick<Actor, "address" | "lockedBecause">> {
  const address = networkAddress(headers);
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
