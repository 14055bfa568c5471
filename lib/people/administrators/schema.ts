import { z } from "zod";
import { emailAddressSchema, hasInvisible, idSchema, nameSchema } from "@/lib/kernel/fields/schema";
import { type Role, roleSchema } from "../roles/schema";

/** ASVS 7.3: a session ends after so many hours in any case. A company may want fewer. */
export const MAX_SESSION_HOURS = 12;

/** NIST SP 800-63B-4: a password that is the only factor has at least 15 characters. */
export const MIN_PASSWORD_CHARACTERS = 15;
const MAX_PASSWORD_BYTES = 1_024;

const COMMON = ["password", "postkey", "administrator", "qwerty", "123456789", "letmein"];

export const newPasswordSchema = z
  .string()
  // The size first: to bring a long text into its normal form costs more than it is long.
  .refine(isPasswordSize, { error: `Use at most ${MAX_PASSWORD_BYTES} bytes.`, abort: true })
  .refine((text) => [...text.normalize("NFC")].length >= MIN_PASSWORD_CHARACTERS, {
    error: `Use at least ${MIN_PASSWORD_CHARACTERS} characters. A sentence is easy to remember.`,
    abort: true,
  })
  .refine((text) => new Set(text).size >= 5, { error: "Use more than a few different characters." })
  .refine((text) => !COMMON.some((word) => repeats(text.toLowerCase(), word)), {
    error: "This password is too easy to guess.",
  });

export const credentialsSchema = z.strictObject({
  email: z
    .string()
    .min(1, "Enter your email address.")
    .max(254, "This is too long.")
    .refine((text) => !hasInvisible(text), { error: "This contains invisible characters." }),
  password: z
    .string()
    .min(1, "Enter your password.")
    .refine(isPasswordSize, { error: "This is too long for a password." }),
});

export const invitationTokenSchema = z.strictObject({
  token: z
    .string()
    .min(1, "Open the full link that you were given. The part after # is missing.")
    .max(200),
});

export const setUpSchema = z.strictObject({
  ...invitationTokenSchema.shape,
  name: nameSchema,
  email: emailAddressSchema,
  password: newPasswordSchema,
});

/** Left empty, it is no address: anyone who has the link may use the invitation. */
const optional = <T extends z.ZodType>(schema: T) =>
  z
    .literal("")
    .transform(() => undefined)
    .or(schema)
    .optional();

export const inviteSchema = z.strictObject({
  role: roleSchema,
  email: optional(emailAddressSchema),
  name: optional(nameSchema),
});
export type Invite = z.output<typeof inviteSchema>;

export const setRoleSchema = z.strictObject({ id: idSchema, role: roleSchema });
export const administratorIdSchema = z.strictObject({ id: idSchema });
export const setAdministratorActiveSchema = z.strictObject({ id: idSchema, active: z.boolean() });

export const renameOneselfSchema = z.strictObject({ name: nameSchema });

export type Profile = {
  name: string;
  email: string;
  role: Role;
  createdAt: Date;
  hasPassword: boolean;
};

export type AdministratorRow = {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: Date;
  disabledAt: Date | null;
  lastSeenAt: Date | null;
  hasFactors: boolean;
  /** Whether no one gets in with the password alone. */
  isAskedForFactor: boolean;
  /** The company sign-in that decides the role; null where that is done here. */
  managedBy: string | null;
  /** The company that gave no role any more, and so disabled the person. */
  disabledBy: string | null;
};

export type SetUp = z.infer<typeof setUpSchema>;

function isPasswordSize(text: string): boolean {
  return new TextEncoder().encode(text).length <= MAX_PASSWORD_BYTES;
}

/** Over and over, with digits at most between and after. */
function repeats(text: string, word: string): boolean {
  return text.includes(word) && text.replaceAll(word, "").replace(/[\d\W_]/g, "") === "";
}

export const endSessionSchema = z.strictObject({ id: idSchema });
export const endSessionsOfSchema = z.strictObject({ administratorId: idSchema });

/** How a session began; at the company its own rules decide about second factors. */
export const SESSION_METHOD_LABELS = {
  password: "Password",
  totp: "Password and code",
  recovery_code: "Password and recovery code",
  passkey: "Passkey",
  company: "Company",
} as const;
export type SessionMethod = keyof typeof SESSION_METHOD_LABELS;

/** A passkey asks for the person's finger, face or PIN as well. */
export function isTwoFactors(method: SessionMethod): boolean {
  return method === "totp" || method === "recovery_code" || method === "passkey";
}

export type SessionRow = {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  browser: string;
  address: string | null;
  method: SessionMethod;
  company: string | null;
  isThis: boolean;
};
