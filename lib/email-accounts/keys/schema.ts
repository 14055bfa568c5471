import { z } from "zod";
import { hasInvisible, KEY_MAX } from "@/lib/kernel/fields/schema";
import { countGraphemes } from "@/lib/kernel/text/normalize";

const KEY_MAX_BYTES = 128;
export const ENTER_A_KEY = "Enter a key.";

/** Empty: a free one. Counted in graphemes of the compared form: five flags are five. */
export const anyKeySchema = z
  .string({ error: ENTER_A_KEY })
  .max(256, `Use at most ${KEY_MAX} characters.`)
  .transform((text) => text.normalize("NFC").trim())
  .superRefine((text, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", message });
    const compared = text.normalize("NFKC");
    if (hasInvisible(text)) return issue("The key contains invisible characters.");
    const isTooLong =
      countGraphemes(compared) > KEY_MAX ||
      new TextEncoder().encode(compared).length > KEY_MAX_BYTES;
    if (isTooLong) issue(`Use at most ${KEY_MAX} characters.`);
  });

export const keySchema = anyKeySchema.refine((text) => text !== "", { error: ENTER_A_KEY });

export const proposeKeySchema = z.strictObject({ name: z.string().max(4_096) });
