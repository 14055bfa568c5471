import { leaseFor } from "./lease";

export const LEASES = {
  renewal: leaseFor(60),
  /** Also the interval between polls. */
  deviceCode: leaseFor(30),
  connectionTest: leaseFor(120),
  /** The platform is slow. */
  secretRotation: leaseFor(300),
  /** Then others may use its mailbox connections. */
  deviceGateway: leaseFor(10),
  /** Longer than the wait for a mail server. */
  letter: leaseFor(90),
  /** Also how often companies are asked. */
  companyRecheck: leaseFor(300),
  capture: leaseFor(45),
} as const;
