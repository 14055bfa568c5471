import { z } from "zod";
import { emailAddressSchema } from "@/lib/kernel/fields/schema";
import { providerUseSchema } from "@/lib/registrations/schema";

/** `unproved`: nothing opened it, and it may be for another reason than a right that is missing. */
export type ClosedResult = "closed" | "open" | "unproved";

export const CLOSED_RESULTS = {
  closed: "It stays closed",
  open: "The application opens it",
  unproved: "Nothing is proved",
} as const satisfies Record<ClosedResult, string>;

/** What came of trying; `reason` is a sentence. */
export type ClosedFinding = { result: ClosedResult; reason: string };

/** Empty: none has to stay closed. */
export const closedMailboxSchema = providerUseSchema.extend({
  emailAddress: z.union([z.literal(""), emailAddressSchema], {
    error: "Enter an email address, or leave it empty.",
  }),
});
