import "server-only";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";

/** @param address undefined when unknown or untrusted */
export async function circumstances(
  address: string | undefined,
): Promise<Pick<Actor, "address" | "lockedBecause">> {
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
