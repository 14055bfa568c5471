import "server-only";
import { PEER_HEADER } from "@/lib/http/web/peer";
import { env } from "@/lib/kernel/env";
import { clientBehind } from "@/lib/kernel/networks";

type ReadHeaders = { get(name: string): string | null };

/**
 * The network address of a client, when proxies that the operator vouches for say so. Without them,
 * `X-Forwarded-For` is whatever the client wrote.
 */
export function networkAddress(headers: ReadHeaders): string | undefined {
  return clientBehind(env().trustProxy, {
    forwardedFor: headers.get("x-forwarded-for") ?? undefined,
    peer: headers.get(PEER_HEADER) ?? undefined,
  });
}
