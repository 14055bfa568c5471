import { z } from "zod";
import { emailAddressSchema, idSchema } from "@/lib/kernel/fields/schema";
import { credentialsSchema, newPasswordSchema } from "@/lib/people/administrators/schema";
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

export const changePasswordSchema = z.strictObject({
  current: credentialsSchema.shape.password,
  password: newPasswordSchema,
});
export const createPasswordLinkSchema = z.strictObject({ administratorId: idSchema });
export const passwordLinkTokenSchema = z.strictObject({
  token: z
    .string()
    .min(1, "Open the full link that you were given. The part after # is missing.")
    .max(200, "This is not a link of Postkey."),
});
export const usePasswordLinkSchema = z.strictObject({
  ...passwordLinkTokenSchema.shape,
  password: newPasswordSchema,
});

export type ChangePassword = z.infer<typeof changePasswordSchema>;
export type UsePasswordLink = z.infer<typeof usePasswordLinkSchema>;
