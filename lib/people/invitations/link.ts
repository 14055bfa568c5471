import "server-only";
import { env } from "@/lib/kernel/env";

/** Where an invited person goes. The token is in the fragment, which no server log has. */
export function invitationLink(token: string): string {
  return `${env().url.origin}/setup#${token}`;
}
