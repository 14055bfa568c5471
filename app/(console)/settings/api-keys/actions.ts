"use server";

import { revalidatePath } from "next/cache";
import { createApiKey, revokeApiKey } from "@/lib/access/api-keys/mutations";
import { createApiKeySchema, revokeApiKeySchema } from "@/lib/access/api-keys/schema";
import { defineAction } from "@/lib/http/action";

const LIST = "/settings/api-keys";

export const createApiKeyAction = defineAction(createApiKeySchema, async (actor, input) => {
  const created = await createApiKey(actor, input);
  revalidatePath(LIST);
  return created;
});

export const revokeApiKeyAction = defineAction(revokeApiKeySchema, async (actor, input) => {
  await revokeApiKey(actor, input);
  revalidatePath(LIST);
  return null;
});
