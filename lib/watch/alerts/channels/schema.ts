import { z } from "zod";
import { emailAddressSchema, hasInvisible, lineSchema } from "@/lib/kernel/fields/schema";
import { emailKey } from "@/lib/kernel/text/normalize";

const RECIPIENTS_MAX = 20;
const URL_MAX = 2_048;

const TOO_MANY = `Enter at most ${RECIPIENTS_MAX} addresses.`;

/** Commas, semicolons, blanks or lines separate; programs send an array. */
export const recipientsSchema = z
  .union([z.array(z.string().max(1_024)).max(RECIPIENTS_MAX, TOO_MANY), z.string()], {
    error: ({ input }) => (Array.isArray(input) ? TOO_MANY : "Enter addresses."),
  })
  .transform((given) => (typeof given === "string" ? given : given.join("\n")))
  .pipe(z.string().max(8_192, TOO_MANY))
  .transform((text, context) => {
    const parts = text.split(/[\s,;]+/u).filter(Boolean);
    if (parts.length > RECIPIENTS_MAX) context.addIssue({ code: "custom", message: TOO_MANY });
    const addresses = new Map<string, string>();
    for (const part of parts.slice(0, RECIPIENTS_MAX)) {
      const parsed = emailAddressSchema.safeParse(part);
      if (parsed.success) addresses.set(emailKey(parsed.data), parsed.data);
      else
        context.addIssue({
          code: "custom",
          message: `${part.slice(0, 80)}: ${parsed.error.issues[0]?.message}`,
        });
    }
    return [...addresses.values()];
  });

/** Empty in an edit: the stored one stays. Whether it may be called is the server's to say. */
export const urlSchema = z
  .string()
  .max(URL_MAX, "This is too long for an address.")
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const problem = text === "" ? null : urlProblem(text);
    if (problem) context.addIssue({ code: "custom", message: problem });
  })
  .transform((text) => (URL.canParse(text) ? new URL(text).href : text));

function urlProblem(text: string): string | null {
  const example = "Enter an address such as https://hooks.example.com/postkey.";
  // The parser drops tabs and reads a backslash as a slash: what is shown must be what is called.
  if (hasInvisible(text) || /[\s\\]/.test(text) || !URL.canParse(text)) return example;
  if (text.includes("…")) return "This address is shortened. Enter the full address.";
  const url = new URL(text);
  if (!["https:", "http:"].includes(url.protocol) || !/^https?:\/\//i.test(text)) return example;
  if (url.username || url.password) return "The address must not contain a user name or password.";
  return url.hash ? "Leave out the part after #." : null;
}

export const userSchema = lineSchema({
  max: 254,
  tooLong: "This is too long for a user name.",
  invisible: "The user name contains invisible or control characters.",
});
