import "server-only";
import { PEER_HEADER } from "@/lib/http/web/peer";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { clientBehind } from "@/lib/kernel/networks";
import { singleton } from "@/lib/kernel/singleton";

type ReadHeaders = { get(name: string): string | null };

/**
 * The network address of a client, when proxies that the operator vouches for say so. Without them,
 * `X-Forwarded-For` is whatever the client wrote.
 */
export function networkAddress(headers: ReadHeaders): string | undefined {
  const forwardedFor = headers.get("x-forwarded-for") ?? undefined;
  const peer = headers.get(PEER_HEADER) ?? undefined;
  const { trustProxy } = env();
  // Where no proxy wrote anything, Next.js writes the peer itself.
  const isForwarded = forwardedFor !== undefined && peer !== undefined && forwardedFor !== peer;
  if (!trustProxy && isForwarded) noteUnnamedProxy();
  return clientBehind(trustProxy, { forwardedFor, peer });
}

/** Where requests come from: `known`; `unknown`; `unnamed_proxy`, where it seems that a proxy would say so. */
export type ClientAddresses = "known" | "unknown" | "unnamed_proxy";

/** What Postkey knows about the addresses of clients since it started. */
export function clientAddresses(): ClientAddresses {
  if (env().trustProxy) return "known";
  return unnamedProxy().isSeen ? "unnamed_proxy" : "unknown";
}

const unnamedProxy = () => singleton("unnamed-proxy", () => ({ isSeen: false }));

/** Told once: a stranger may write this header as well. */
function noteUnnamedProxy(): void {
  if (unnamedProxy().isSeen) return;
  unnamedProxy().isSeen = true;
  log.warn(
    "Requests come with X-Forwarded-For, and POSTKEY_TRUST_PROXY is not set. If a proxy is in front of Postkey, name it there: until then all strangers share one limit for wrong passwords, and the audit trail has no addresses.",
  );
}
