import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { hasLetterChannel } from "@/lib/letters/queries";

/** Whether invitations and password links can go out by mail. */
export function hasLinkChannel(_actor: Actor): Promise<boolean> {
  return hasLetterChannel();
}
