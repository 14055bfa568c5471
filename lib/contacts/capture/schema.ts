import { z } from "zod";

/** From lib/mail/senders.ts and lib/contacts/capture/store.ts. */
export const SKIP_LABELS = {
  automatic: "automatic",
  mailing_list: "from mailing lists",
  bounce: "bounces",
  no_reply: "from no-reply addresses",
  own_address: "from the mailbox itself",
  no_sender: "without a sender",
  header_too_long: "with more than 32 KB before the sender",
  invalid_address: "with an invalid address",
  erased: "from erased people",
} as const;

export const skippedSchema = z.partialRecord(
  z.enum(Object.keys(SKIP_LABELS) as (keyof typeof SKIP_LABELS)[]),
  z.number(),
);

export type Skipped = z.output<typeof skippedSchema>;
