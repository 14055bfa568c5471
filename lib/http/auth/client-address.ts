import { PEER_HEADER } from "@/lib/http/web/peer";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { clientBehind } from "@/lib/kernel/networks";
import { singleton } from "@/lib/kernel/singleton";

/** Without trusted proxies, clients write `X-Forwarded-For` as they like. */
export function networkAddress(headers: { get(name: string): string | null }): string | undefined {
  const forwardedFor = headers.get("x-forwarded-for") ?? undefined;
  const peer = headers.get(PEER_HEADER) ?? undefined;
  const { trustProxy } = env();
  // Without a proxy, Next.js sets the peer itself.
  const isForwarded = forwardedFor !== undefined && peer !== undefined && forwardedFor !== peer;
  if (!trustProxy && isForwarded) noteUnnamedProxy();
  return clientBehind(trustProxy, { forwardedFor, peer });
}

/** `unnamed_proxy`: a proxy seems to exist but is not configured. */
export type ClientAddresses = "known" | "unknown" | "unnamed_proxy";

/** Learned since the process started. */
export function clientAddresses(): ClientAddresses {
  if (env().trustProxy) return "known";
  return unnamedProxy().isSeen ? "unnamed_proxy" : "unknown";
}

const unnamedProxy = () => singleton("unnamed-proxy", () => ({ isSeen: false }));

/** Once: strangers can send this header. */
function noteUnnamedProxy(): void {
  if (unnamedProxy().isSeen) return;
  unnamedProxy().isSeen = true;
  log.warn(
    "Requests come with X-Forwarded-For, and POSTKEY_TRUST_PROXY is not set. If a proxy is in front of Postkey, name it there: until then all strangers share one limit for wrong passwords, and the audit trail has no addresses.",
  );
}

/** @param address undefined when unknown or untrusted */
export async function circumstances(
  address: string | undefined,
): Promise<Pick<Actor, "address" | "lockedBecause">> {
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
