import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { LINK_HOURS, linkTokenSchema, MAX_LINKS } from "../schema";

/** Links that were just made, by what only who made them still has: what stands behind their #. */
export const mailSignInLinksSchema = z.strictObject({
  tokens: z.array(linkTokenSchema.shape.token).min(1, "There is no link to send.").max(MAX_LINKS),
});

export type MailedLinks = { mailed: number; withoutAddress: number };

export const linkIdSchema = z.strictObject({ id: idSchema });

const HOURS = `Enter a whole number from 1 to ${LINK_HOURS - 1}.`;
const DAYS = "Enter a whole number from 1 to 365.";
const PER_DAY = "Enter a whole number from 1 to 500.";

export const linkSettingsSchema = z.strictObject({
  reminds: z.boolean({ error: "Choose yes or no." }),
  remindHoursBefore: z
    .int({ error: HOURS })
    .min(1, HOURS)
    .max(LINK_HOURS - 1, HOURS),
  sendsLapsedLinks: z.boolean({ error: "Choose yes or no." }),
  lapsedLinksPerDay: z.int({ error: PER_DAY }).min(1, PER_DAY).max(500, PER_DAY),
  reportsUnsigned: z.boolean({ error: "Choose yes or no." }),
  unsignedDays: z.int({ error: DAYS }).min(1, DAYS).max(365, DAYS),
});
export type LinkSettings = z.output<typeof linkSettingsSchema>;

/** `was`: as they were shown to who changed them. */
export const saveLinkSettingsSchema = linkSettingsSchema.extend({ was: linkSettingsSchema });

/** How long before the end of a link its owner is reminded, unless told. */
export const REMIND_HOURS = 24;

/** By when a new account is signed in, unless told. */
export const UNSIGNED_DAYS = 14;

/** If more sign-ins than this have lapsed and have no link, something else is wrong: none is sent. */
export const MOST_LAPSED = 25;

/** A sign-in that lapsed gets its link so much later: most hiccups of a platform are over by then. */
export const SETTLED_MINUTES = 10;
