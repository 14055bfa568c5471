import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { credentialsSchema, newPasswordSchema } from "@/lib/people/administrators/schema";

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
