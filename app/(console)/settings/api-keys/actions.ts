"use server";

import { createApiKey, revokeApiKey } from "@/lib/access/api-keys/mutations";
import { actionOf } from "@/lib/http/action";

const revalidates = "/settings/api-keys";

export const createApiKeyAction = actionOf(createApiKey, { revalidates });
export const revokeApiKeyAction = actionOf(revokeApiKey, { revalidates });
