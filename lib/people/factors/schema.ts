import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { credentialsSchema } from "@/lib/people/administrators/schema";
import type { CompanyButton } from "@/lib/people/company/schema";
import { roleSchema } from "@/lib/people/roles/schema";

/** How many recovery codes there are, and how few are left when the profile warns. */
export const RECOVERY_CODES = 10;
export const FEW_RECOVERY_CODES = 3;

/** Six digits of the app or a recovery code, with whatever spaces and hyphens people type. */
const codeSchema = z
  .string()
  .trim()
  .min(1, "Enter the code.")
  .max(60, "This is too long for a code.")
  .transform(withPlainDigits);

/** The zeros of digits that keyboards type instead of those of ASCII: Arabic, Persian, Devanagari, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];

function withPlainDigits(typed: string): string {
  return typed.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = ZEROS.find((each) => code >= each && code < each + 10);
    return zero === undefined ? digit : `${code - zero}`;
  });
}

export const secondFactorSchema = z.strictObject({ code: codeSchema });
export const removeFactorsOfSchema = z.strictObject({ administratorId: idSchema });
export const secondFactorRolesSchema = z.strictObject({ roles: z.array(roleSchema).max(10) });

/** @param code "" where the person has no authenticator app */
export const proveOneselfSchema = z.strictObject({
  password: credentialsSchema.shape.password,
  code: z.string().trim().max(60, "This is too long for a code.").transform(withPlainDigits),
});

export type ProveOneself = z.infer<typeof proveOneselfSchema>;

export type ProofMethods = {
  /** One that proves enough: alone it does not where the role needs a second factor and there is a passkey. */
  hasPassword: boolean;
  hasAuthenticator: boolean;
  hasPasskey: boolean;
  companies: CompanyButton[];
};

export type Factors = {
  authenticatorSince: Date | null;
  recoveryCodesLeft: number;
  isRequired: boolean;
};
