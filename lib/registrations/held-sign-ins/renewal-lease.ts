import { leaseFor } from "@/lib/kernel/lease";

/** How long a renewal of tokens may take before another process takes its row over. */
export const RENEWAL_LEASE = leaseFor(60);
