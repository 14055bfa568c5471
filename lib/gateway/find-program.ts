import "server-only";
import { authenticateKey } from "@/lib/http/auth/api-key";
import { circumstances } from "@/lib/http/auth/circumstances";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { clientBehind, plainAddress } from "@/lib/kernel/networks";

/**
 * The program that asks, by its key; null without one. A browser's session is none of the gateway's business.
 *
 * @param peer the address that the connection comes from
 * @throws AppError unauthenticated, access_denied, too_many_requests
 */
export async function findProgram(
  { headers }: Request,
  peer: string | undefined,
): Promise<Actor | null> {
  const authorization = headers.get("authorization");
  if (!authorization) return null;
  const address = addressOf(headers.get("x-forwarded-for"), peer);
  return authenticateKey(authorization, await circumstances(address));
}

/**
 * A number of proxies is that of the web's: a client on this machine gets here without them, and would write
 * the header itself. Only networks say whose connection may bring it.
 */
function addressOf(forwardedFor: string | null, peer = ""): string | undefined {
  const { trustProxy } = env();
  if (!trustProxy || "hops" in trustProxy) return plainAddress(peer);
  return clientBehind(trustProxy, { forwardedFor: forwardedFor ?? undefined, peer });
}
