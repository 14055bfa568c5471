import { followKey } from "@/lib/installation/keys/follow";
import { closeStreamsOnStop } from "@/lib/kernel/events/stream-places";
import { flushCounters, flushCountersRegularly } from "@/lib/kernel/metrics/counters";
import { giveSignsOfLife } from "@/lib/kernel/sign-of-life";
import { flushUses } from "@/lib/programs/uses";

/** Key file, signs of life, counters and streams. @returns what stores the rest at the end */
export function beginAnswering(kind: "web" | "gateway"): () => Promise<void> {
  closeStreamsOnStop();
  const unfollowKey = followKey(kind);
  giveSignsOfLife();
  flushCountersRegularly();
  return async () => {
    await Promise.all([flushUses(0), flushCounters(), unfollowKey()]);
  };
}
