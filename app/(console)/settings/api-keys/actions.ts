"use server";

import { createApiKey, revokeApiKey } from "@/lib/access/api-keys/mutations";
import { createApiKeySchema, revokeApiKeySchema } from "@/lib/access/api-keys/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/settings/api-keys";

export const createApiKeyAction = defineAction(createApiKeySchema, createApiKey, { revalidates });

export const revokeApiKeyAction = defineAction(revokeApiKeySchema, revokeApiKey, { revalidates });
