import type { Protocol } from "@/lib/egress/schema";

/** A gateway that serves devices, as it says of itself every few seconds. */
export type GatewayRow = {
  id: string;
  /** The name of its machine. */
  host: string;
  startedAt: Date;
  lastSeenAt: Date;
  /** Where it listens, such as `imaps://0.0.0.0:993`. */
  listeners: string[];
  /** Connections to the servers of accounts that it holds. */
  places: Record<Protocol, number>;
};

export type GatewayHealth = {
  /** `not_needed`: nothing listens for devices, and none was used for a month. */
  status: "ok" | "not_running" | "not_needed";
  /** Those that were seen within a minute. */
  running: number;
  lastSeenAt: Date | null;
  gateways: GatewayRow[];
};
