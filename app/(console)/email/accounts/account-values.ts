import type { z } from "zod";
import type { createEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";

export type AccountValues = z.input<typeof createEmailAccountSchema>;

export type AccountChoices = {
  providers: Choices;
  provider: Choice | null;
  lists: Choices;
  list: Choice | null;
};
