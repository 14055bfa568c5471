import { z } from "zod";
import { idSchema, nameSchema } from "@/lib/fields/schema";

export const KEY_PERMISSIONS = ["accounts:read", "accounts:test", "tokens:read"] as const;

export const createApiKeySchema = z.strictObject({
  name: nameSchema,
  permissions: z.array(z.enum(KEY_PERMISSIONS)).min(1, "Choose at least one permission."),
});
export const revokeApiKeySchema = z.strictObject({ id: idSchema });

export type CreateApiKey = z.output<typeof createApiKeySchema>;

export type ApiKeyRow = {
  id: string;
  name: string;
  hint: string;
  permissions: string[];
  createdAt: Date;
  createdByName: string;
};
export type KeyPermission = (typeof KEY_PERMISSIONS)[number];
