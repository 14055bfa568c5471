import { log } from "@/lib/log";
import { refreshClaimed } from "@/lib/tokens/refresh";
import { claimDue } from "@/lib/tokens/store";

const AT_ONCE = 20;

/**
 * Renews a batch of what is due and waits for all of it.
 * @returns how many were claimed; more may be due when it is as many as fit
 */
export async function refreshDue(keeperId: string): Promise<number> {
  const claims = await claimDue(keeperId, AT_ONCE);
  const results = await Promise.allSettled(claims.map(refreshClaimed));
  for (const result of results)
    if (result.status === "rejected") log.error({ error: result.reason }, "refresh broke off");
  return claims.length;
}
