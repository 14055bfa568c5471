import "server-only";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";

/**
 * What every actor carries beside who it is: where it comes from, and whether Postkey is locked.
 * @param address undefined where it is not known, or not to be believed
 */
export async function circumstances(
  address: string | undefined,
): Promise<Pick<Actor, "address" | "lockedBecause">> {
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
