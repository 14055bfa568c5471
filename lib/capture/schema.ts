import type { SkipReason } from "@/lib/mail/senders";

/** How the following of an inbox stands. */
export type CaptureRow = {
  /** Since when an inbox is followed; null while nobody does. */
  followingSince: Date | null;
  /** When it was last known that there was nothing new. */
  readAt: Date | null;
  lastReceivedAt: Date | null;
  messages: number;
  captured: number;
  skipped: Partial<Record<SkipReason, number>>;
  failureId: string | null;
  failedAt: Date | null;
  retryAt: Date | null;
};
