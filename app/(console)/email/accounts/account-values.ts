import type { z } from "zod";
import type { createEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";

/** The fields of an account while they are filled in: a new one's, and of the form that edits one. */
export type AccountValues = z.input<typeof createEmailAccountSchema>;

/** The choices when the form opens, and those already made. */
export type AccountChoices = {
  providers: Choices;
  provider: Choice | null;
  lists: Choices;
  list: Choice | null;
};
