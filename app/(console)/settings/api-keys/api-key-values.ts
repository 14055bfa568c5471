import type { z } from "zod";
import type { createApiKeySchema } from "@/lib/access/api-keys/schema";

export type ApiKeyValues = z.input<typeof createApiKeySchema>;
