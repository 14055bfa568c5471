import type { z } from "zod";
import type { createEmailAccountSchema } from "@/lib/email-accounts/schema";

/** The fields of an account while they are filled in: a new one's, and of the form that edits one. */
export type AccountValues = z.input<typeof createEmailAccountSchema>;

export type ProviderOption = { id: string; name: string };
