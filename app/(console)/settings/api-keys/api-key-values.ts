import type { z } from "zod";
import type { createApiKeySchema } from "@/lib/access/api-keys/schema";

/** The fields of an API key while they are filled in. */
export type ApiKeyValues = z.input<typeof createApiKeySchema>;
