import { leaseFor } from "./lease";

/** How long a process may work before another takes its row over; every length stands here. */
export const LEASES = {
  /** Renewing the tokens of a sign-in. */
  renewal: leaseFor(60),
  /** Asking whether a device code was entered; says then when to ask again. */
  deviceCode: leaseFor(30),
  /** Testing a mailbox. */
  connectionTest: leaseFor(120),
  /** Replacing a client secret: the longest, because the platform takes its time. */
  secretRotation: leaseFor(300),
  /**
   * Serving devices: when this ends, others may have the connections to mailboxes that a gateway holds. Whether it is
   * shown as running is another matter: lib/access/devices/gateways/queries.ts.
   */
  deviceGateway: leaseFor(10),
  /** Sending a letter with a link: longer than a mail server is waited for. */
  letter: leaseFor(90),
  /** Asking a company whether a person may still come: this is also how often it is asked. */
  companyRecheck: leaseFor(300),
  /** Following an inbox. */
  capture: leaseFor(45),
} as const;
