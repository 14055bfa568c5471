"use server";

import { actionOf } from "@/lib/http/action";
import { createApiKey, revokeApiKey } from "@/lib/programs/mutations";

const revalidates = "/settings/api-keys";

export const createApiKeyAction = actionOf(createApiKey, { revalidates });
export const revokeApiKeyAction = actionOf(revokeApiKey, { revalidates });
