import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";

/**
 * How often the delivery of an alert that fails is tried again: from a minute to six hours apart, in the way that the
 * job library doubles a wait. All together that is as long as a weekend's outage.
 */
export const RETRIES = { limit: 20, firstMs: MINUTE_MS, longestMs: 6 * HOUR_MS } as const;

/** The same in words, as the API's description has it: what chance adds and takes away is less than half a day. */
export const RETRIED_FOR = "three days";
