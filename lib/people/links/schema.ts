import { z } from "zod";
import { emailAddressSchema, idSchema } from "@/lib/kernel/fields/schema";
import type { Role } from "../roles/schema";

export const invitationIdSchema = z.strictObject({ id: idSchema });

export type InvitationRow = {
  id: string;
  role: Role;
  email: string | null;
  name: string | null;
  invitedByName: string;
  createdAt: Date;
  expiresAt: Date;
  isExpired: boolean;
};

const token = z.string().regex(/^[\w-]{43}$/, "The link is not complete.");

/** By what only who made it still has: what stands behind its #. */
export const mailPasswordLinkSchema = z.strictObject({ token });
export const mailInvitationSchema = z.strictObject({ token, address: emailAddressSchema });
