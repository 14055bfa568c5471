import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";

/** From a minute to six hours apart, as the job library doubles; in total a weekend's outage. */
export const RETRIES = { limit: 20, firstMs: MINUTE_MS, longestMs: 6 * HOUR_MS } as const;

/** In the API's description; jitter is less than half a day. */
export const RETRIED_FOR = "three days";
