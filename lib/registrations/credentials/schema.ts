import { z } from "zod";
import { addMonths, DAY_MS, fromNow, HOUR_MS, wallTime } from "@/lib/kernel/clock";
import { addIssue, filledIn, hasInvisible, idSchema } from "@/lib/kernel/fields/schema";
import { keyFileSchema } from "../service-account-key/schema";

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Blanks and braces around an id come with copying; the form says so when it removes them. */
export function trimGuid(text: string): string {
  return text
    .trim()
    .replace(/^\{(.*)\}$/s, "$1")
    .trim();
}

const MASKED = /^[•●*·.\u2022\u25cf]+$/;
const CLIENT_SECRET_MAX = 512;

export const clientSecretSchema = z
  .string({ error: "Enter the client secret." })
  .max(2_097_152, "This is far too long for a client secret.")
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    if (text === "") return addIssue(context, "Enter the client secret.");
    if (text.length > CLIENT_SECRET_MAX)
      return addIssue(context, `A client secret has at most ${CLIENT_SECRET_MAX} characters.`);
    if (GUID.test(trimGuid(text)))
      return addIssue(
        context,
        "This looks like the Secret ID. Paste the secret's Value: it is shown once, beside the ID, when you create the secret.",
      );
    if (MASKED.test(text)) return addIssue(context, "These are placeholder dots, not the secret.");
    if (hasInvisible(text) || /\s/.test(text))
      addIssue(context, "The secret contains spaces or control characters. Copy it again.");
  });

const MAX_SECRET_MONTHS = 24;

export const DEFAULT_SECRET_MONTHS = 6;
export const DEFAULT_CERTIFICATE = { bits: "3072", months: "12" } as const;

const secretExpirySchema = z
  .string({ error: "Enter the day on which the secret expires." })
  .regex(/^\d{4}-\d{2}-\d{2}$/, {
    error: "Enter the day on which the secret expires.",
    abort: true,
  })
  .superRefine((text, context) => {
    if (!isDay(text)) return addIssue(context, "This day does not exist.");
    const { first, last } = secretExpiryDays();
    if (text < first) return addIssue(context, "This day has passed: the secret would not work.");
    if (text > last)
      addIssue(context, `A client secret lasts at most ${MAX_SECRET_MONTHS} months.`);
  });

/** 180 days from today where it is left out, as the form begins with. */
export const secretExpiryField = filledIn(secretExpirySchema, () => secretEnd());

/** The 30th of February would be taken for the 2nd of March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

export function isoDay(monthsAhead: number): string {
  return addMonths(wallTime(), monthsAhead).toISOString().slice(0, 10);
}

/** In the reader's unknown time zone: any day that is today somewhere (UTC−12 to UTC+14). */
export function secretExpiryDays(): { first: string; last: string } {
  const first = fromNow(-12 * HOUR_MS);
  const last = addMonths(fromNow(14 * HOUR_MS), MAX_SECRET_MONTHS);
  return { first: first.toISOString().slice(0, 10), last: last.toISOString().slice(0, 10) };
}

/** As Microsoft's page offers them, its recommendation first. */
export const SECRET_LIFETIMES = [
  { months: DEFAULT_SECRET_MONTHS, days: 180 },
  { months: 12, days: 365 },
  { months: MAX_SECRET_MONTHS, days: 730 },
] as const;

export function secretEnd(days: number = SECRET_LIFETIMES[0].days): string {
  return fromNow(days * DAY_MS)
    .toISOString()
    .slice(0, 10);
}

/** 64 KiB: a certificate with its key and all its authorities takes a tenth. */
export const CERTIFICATE_FILE_MAX = 65_536;
export const FILE_TOO_LARGE =
  "The file is larger than 64 KB, so it is not a certificate. Choose the right file.";

const CREDENTIAL_INPUTS = [
  z.strictObject({
    kind: z.literal("client_secret"),
    clientSecret: clientSecretSchema.describe(
      "The secret's value, not its id. At most 512 characters. Write-only.",
    ),
    secretExpiresOn: secretExpiryField.describe(
      "The day on which it expires, at most 24 months ahead. Six months from today where it is left out.",
    ),
  }),
  z.strictObject({
    kind: z.literal("certificate"),
    file: z
      .string({ error: "Choose the file with the certificate and its private key." })
      .min(1, "Choose the file with the certificate and its private key.")
      .max(Math.ceil(CERTIFICATE_FILE_MAX / 3) * 4, FILE_TOO_LARGE)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, "The file could not be read. Choose it again.")
      .describe("A certificate with its private key (PEM or PKCS #12), at most 64 KiB, in base64."),
    password: filledIn(z.string().max(1_024, "This is too long for a password."), "").describe(
      "Of the certificate's file. Empty if it has none. Write-only.",
    ),
  }),
  z.strictObject({
    kind: z.literal("federated_token"),
    tokenFile: z
      .string({ error: "Enter the path of the token file." })
      .trim()
      .min(1, "Enter the path of the token file.")
      .max(1_024, "This is too long for a path.")
      .refine((path) => !hasInvisible(path), "The path contains control characters.")
      .refine((path) => path.startsWith("/"), "Enter the full path, beginning with a slash.")
      .refine((path) => !path.split("/").includes(".."), "The path must not go up a folder (..).")
      .describe("The full path of the file on the Postkey server that has the token."),
  }),
  z.strictObject({
    kind: z.literal("managed_identity"),
    identityClientId: filledIn(
      z
        .string()
        .transform((text) => trimGuid(text).toLowerCase())
        .refine((text) => text === "" || GUID.test(text), "This is not a client id."),
      "",
    ).describe("The client id of a user-assigned identity. Empty for the system's own."),
  }),
  z.strictObject({
    kind: z.literal("service_account"),
    keyFile: keyFileSchema.describe("The JSON key file of a service account, as text."),
  }),
] as const;
const NO_KIND = "Choose how the application proves who it is.";

export const credentialInputSchema = z.discriminatedUnion("kind", CREDENTIAL_INPUTS, {
  error: NO_KIND,
});

export const changeCredentialSchema = z.strictObject({
  cloudProviderId: idSchema,
  credential: credentialInputSchema,
});

export const changeSecretExpirySchema = z.strictObject({
  cloudProviderId: idSchema,
  version: z
    .number()
    .int()
    .min(1)
    .describe("The `credentialVersion` of the provider: of the secret that this is the day of."),
  secretExpiresOn: secretExpirySchema,
});

const certificateWishes = {
  bits: filledIn(
    z.enum(["2048", "3072"], { error: "Choose how long the key is." }),
    DEFAULT_CERTIFICATE.bits,
  ).describe("The key length of the new certificate, in bits."),
  months: filledIn(
    z.enum(["12", "24"], { error: "Choose how long it is valid." }),
    DEFAULT_CERTIFICATE.months,
  ).describe("The validity of the new certificate, in months."),
};

export const generateCertificateSchema = z.strictObject({
  cloudProviderId: idSchema,
  ...certificateWishes,
});

export const firstCredentialSchema = z.discriminatedUnion(
  "kind",
  [
    ...CREDENTIAL_INPUTS,
    z.strictObject({ kind: z.literal("generated_certificate"), ...certificateWishes }),
  ],
  { error: NO_KIND },
);

/** One already in use is proved again and keeps its expiry. */
export type EnteredCredential = { isReplaced: boolean; expiresAt: Date | null };

export type CredentialFormValue = z.input<typeof firstCredentialSchema>;
export type FirstCredential = z.output<typeof firstCredentialSchema>;
export type CredentialInput = z.output<typeof credentialInputSchema>;
export type ChangeSecretExpiry = z.output<typeof changeSecretExpirySchema>;
export type GenerateCertificate = z.output<typeof generateCertificateSchema>;
