import { z } from "zod";
import { emailAddressSchema } from "@/lib/kernel/fields/schema";

const token = z.string().regex(/^[\w-]{43}$/, "The link is not complete.");

/** A link that was just made, by what only who made it still has: what stands behind its #. */
export const mailPasswordLinkSchema = z.strictObject({ token });
export const mailInvitationSchema = z.strictObject({ token, address: emailAddressSchema });
