import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { hasLetterChannel } from "@/lib/letters/queries";

/**
 * Whether invitations and password links can go out by mail.
 * @permission none: open to every authenticated caller.
 */
export function hasLinkChannel(_actor: Actor): Promise<boolean> {
  return hasLetterChannel();
}
