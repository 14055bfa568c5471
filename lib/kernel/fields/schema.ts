import { z } from "zod";
import {
  asciiDomain,
  canonicalEmail,
  countGraphemes,
  isStreamSafe,
} from "@/lib/kernel/text/normalize";

/** Shared fields. Order everywhere: size, normal form, characters, meaning. */

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

/** Controls, bidirectional overrides and isolates, zero-width, tags, lone surrogates. */
const INVISIBLE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/u;
/** Controls and separators, for texts of several lines. */
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;

const BLANK = /^[\p{Z}\s\u3164\u2800]*$/u;

/** Before normalisation, which they slow down. */
const TOO_MANY_MARKS = {
  error: "A letter has more than 30 marks above and below it. Type it again by hand.",
  abort: true,
};

export const NAME_MAX = 120;
const NAME_MAX_BYTES = 512;

export const nameSchema = z
  .string({ error: "Enter a name." })
  .max(4_096, `Use at most ${NAME_MAX} characters.`)
  .refine(isStreamSafe, { ...TOO_MANY_MARKS, error: `Use at most ${NAME_MAX} characters.` })
  .transform((text) => text.normalize("NFC").trim())
  // An empty name must not abort: rules over several fields run afterwards.
  .superRefine((text, context) => {
    const problem = nameProblem(text);
    if (problem) addIssue(context, problem);
  });

function nameProblem(text: string): string | null {
  if (BLANK.test(text)) return "Enter a name.";
  if (INVISIBLE.test(text))
    return "The name contains invisible or control characters. Type it again by hand.";
  // Bytes first: counting characters of a long text is expensive.
  const isShort = byteLength(text) <= NAME_MAX_BYTES && countGraphemes(text) <= NAME_MAX;
  return isShort ? null : `Use at most ${NAME_MAX} characters.`;
}

const TOO_LONG_ADDRESS = "This is too long for an email address (254 characters at most).";

const addressSchema = (problemOf: (text: string) => string | null) =>
  z
    .string({ error: "Enter an email address." })
    .max(1_024, TOO_LONG_ADDRESS)
    .refine(isStreamSafe, TOO_MANY_MARKS)
    .superRefine((text, context) => {
      const problem = problemOf(text.normalize("NFKC").trim());
      if (problem) addIssue(context, problem);
    })
    .transform(canonicalEmail);

/** RFC 5321 Mailbox without quoted local parts and literals. */
export const emailAddressSchema = addressSchema(emailProblem);

/** With letters of any alphabet before the at sign (RFC 6531). */
export const internationalAddressSchema = addressSchema((text) =>
  emailProblem(withoutLetters(text)),
);

/** Each non-ASCII letter becomes as many characters as it has bytes (RFC 6532). */
function withoutLetters(text: string): string {
  if (INVISIBLE.test(text)) return text;
  const at = text.lastIndexOf("@");
  const local = text
    .slice(0, Math.max(at, 0))
    .replace(/[\p{L}\p{M}\p{N}]/gu, (letter) => "x".repeat(byteLength(letter)));
  return `${local}${text.slice(Math.max(at, 0))}`;
}

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/i;

function emailProblem(text: string): string | null {
  if (text === "") return "Enter an email address.";
  if (INVISIBLE.test(text)) return "The address contains invisible or control characters.";
  if (/[,;<>()[\]"\\]/.test(text)) return "Enter one bare address, such as support@contoso.com.";
  const parts = text.split("@");
  if (parts.length !== 2) return "An address has exactly one @, such as support@contoso.com.";
  const [local = "", domain = ""] = parts;
  if (/\s/.test(text)) return "An address contains no spaces.";
  return localPartProblem(local) ?? domainProblem(local, domain);
}

function localPartProblem(local: string): string | null {
  if (local === "") return "The part before the @ is missing.";
  if (local.length > 64) return "The part before the @ is too long (64 characters at most).";
  if (/[^\p{ASCII}]/u.test(local))
    return "Only plain letters are supported before the @. Look-alike letters of other alphabets are a common trap: type the address by hand.";
  return LOCAL_PART.test(local) ? null : "The part before the @ is not valid.";
}

function domainProblem(local: string, domain: string): string | null {
  if (domain === "") return "The part after the @ is missing.";
  const ascii = asciiDomain(domain);
  if (!DOMAIN.test(ascii)) return "The part after the @ is not a full domain, such as contoso.com.";
  return local.length + 1 + ascii.length > 254 ? TOO_LONG_ADDRESS : null;
}

const DESCRIPTION_MAX = 2_000;

export const descriptionSchema = z
  .string()
  .max(16_384, `Use at most ${DESCRIPTION_MAX} characters.`)
  .refine(isStreamSafe, TOO_MANY_MARKS)
  .transform((text) => text.normalize("NFC").replace(/\r\n?/g, "\n").trim())
  .refine((text) => countGraphemes(text) <= DESCRIPTION_MAX, {
    error: `Use at most ${DESCRIPTION_MAX} characters.`,
  })
  .refine((text) => !CONTROL.test(text.replace(/[\n\t]/g, "")), {
    error: "The description contains control characters.",
  });

export function addIssue(context: z.RefinementCtx, message: string): void {
  context.addIssue({ code: "custom", message });
}

export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

/** Without a variant, names every field that is wrong in all variants. */
export function variantSchema<
  const K extends string,
  const V extends readonly [z.ZodObject, ...z.ZodObject[]],
>(discriminator: K, variants: V, message: string) {
  return z
    .discriminatedUnion(discriminator, variants as V & z.core.$ZodTypeDiscriminable[], {
      error: message,
    })
    .superRefine(
      (input, context) => {
        for (const issue of sharedIssues(variants, input))
          if (issue.path[0] !== discriminator)
            context.addIssue({ code: "custom", message: issue.message, path: issue.path });
      },
      {
        when: ({ issues }) =>
          issues.some(
            ({ code, path }) => code === "invalid_union" && path?.at(0) === discriminator,
          ),
      },
    );
}

/** Runs a rule over several fields once these are valid, whatever the others are. */
export function onceValid(...fields: string[]) {
  return {
    when: ({ value, issues }: z.core.ParsePayload) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      !issues.some(({ path }) => fields.includes(String(path?.[0]))),
  };
}

function sharedIssues(variants: readonly z.ZodObject[], input: unknown) {
  const [first = [], ...others] = variants.map((one) => one.safeParse(input).error?.issues ?? []);
  const isAt = (path: PropertyKey[]) => (issue: z.core.$ZodIssue) =>
    issue.path.join(".") === path.join(".");
  return first.filter(({ path }) => others.every((issues) => issues.some(isAt(path))));
}

/** Lower case as in the database, because ids are compared as text. */
export const idSchema = z
  .uuid({
    error: ({ input }) =>
      input === undefined ? "An id is missing here." : "This id is not valid.",
  })
  .toLowerCase();

/** UTC. PostgreSQL has no year 0; JavaScript writes year 10000 differently. */
export const daySchema = z.iso
  .date({ error: "Enter a day that exists, such as 2027-02-28.", abort: true })
  .regex(/^(?!0000|9999-12-31)/, "Enter a day between 0001-01-01 and 9999-12-30.");

/** Optional for programs; required in a form's type, because forms start with the same value. */
export function filledIn<S extends z.ZodType>(
  field: S,
  value: z.output<S> | (() => z.output<S>),
): z.ZodType<z.output<S>, z.input<S>> {
  // `optional` first, so a union finds its variant without the discriminator.
  const withValue = field.optional().default(value as never);
  return withValue as unknown as z.ZodType<z.output<S>, z.input<S>>;
}

/** For an account's key, and so for a prefix. */
export const KEY_MAX = 5;

export const USERNAME_MAX = 254;

export const usernameSchema = z
  .string({ error: "Enter the account that signs in." })
  .max(1_024, "This is too long for an account name.")
  .transform((text) => text.normalize("NFKC").trim())
  .superRefine((text, context) => {
    if (text === "") return addIssue(context, "Enter the account that signs in.");
    if (text.length > USERNAME_MAX)
      return addIssue(context, "This is too long for an account name.");
    // U+0001 separates fields of XOAUTH2: a name with it could forge one.
    if (hasInvisible(text)) addIssue(context, "The name contains invisible or control characters.");
  });

type Line = { max: number; tooLong: string; invisible: string };

/** One line that may be empty. */
export const lineSchema = ({ max, tooLong, invisible }: Line) =>
  z
    .string()
    .max(1_024, tooLong)
    .transform((text) => text.normalize("NFKC").trim())
    .refine((text) => text.length <= max, { error: tooLong, abort: true })
    .refine((text) => !hasInvisible(text), { error: invisible });

/** Of another system, and write-only: empty in an edit, the stored one stays. */
export const secretSchema = (what: "password" | "secret", tooLong: string) =>
  z
    .string()
    .max(1_024, tooLong)
    .refine((text) => !/[\p{Cc}]/u.test(text), {
      error: `The ${what} contains control characters.`,
    })
    .refine((text) => text === "" || !/^[•●*·]+$/.test(text), {
      error: `These are placeholder dots, not the ${what}.`,
    });

export const passwordSchema = secretSchema("password", "This is too long for a password.");

export const noInputSchema = z.strictObject({});

/** What is typed into a choice. */
export const choiceSearchSchema = z
  .string({ error: "Enter what to search for." })
  .max(200, "Search for at most 200 characters.")
  .transform((text) => text.replaceAll("\0", ""));
