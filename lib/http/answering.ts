import "server-only";
import { flushUses } from "@/lib/access/api-keys/uses";
import { followKey } from "@/lib/installation/keys/follow";
import { closeStreamsOnStop } from "@/lib/kernel/events/streams";
import { flushCounters, flushCountersRegularly } from "@/lib/kernel/metrics/counters";
import { giveSignsOfLife } from "@/lib/kernel/sign-of-life";

/**
 * What a process does beside answering requests, from its start on: it follows the key file, gives signs of
 * life, stores its counters, and ends its streams when it receives a signal to stop.
 *
 * @returns what writes down the rest at the end
 */
export function beginAnswering(kind: "web" | "gateway"): () => Promise<void> {
  closeStreamsOnStop();
  const unfollowKey = followKey(kind);
  giveSignsOfLife();
  flushCountersRegularly();
  return async () => {
    await Promise.all([flushUses(0), flushCounters(), unfollowKey()]);
  };
}
