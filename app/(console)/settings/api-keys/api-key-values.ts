import type { z } from "zod";
import type { createApiKeySchema } from "@/lib/programs/schema";

export type ApiKeyValues = z.input<typeof createApiKeySchema>;
