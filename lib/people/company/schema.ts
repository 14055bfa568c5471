import { z } from "zod";
import { idSchema, nameSchema } from "@/lib/kernel/fields/schema";
import type { PeopleOf } from "@/lib/oauth/openid/presets/preset";
import { PRESET_FACTS, type Preset, presetSchema } from "@/lib/oauth/openid/schema";
import { MAX_SESSION_HOURS } from "../administrators/schema";
import { ROLES, type Role, roleSchema } from "../roles/schema";
import { domainsSchema, issuerSchema, linesSchema, secretSchema, shortText } from "./fields/schema";

const fields = {
  preset: presetSchema,
  name: nameSchema,
  cloud: z.string().max(64),
  tenantId: z
    .string()
    .max(64)
    .transform((text) => text.trim().toLowerCase()),
  domains: domainsSchema,
  issuer: issuerSchema,
  clientId: shortText("The client ID contains invisible characters.").refine(
    (text) => text !== "",
    {
      error: "Enter the client ID.",
    },
  ),
  /** Empty when editing: the stored one stays. */
  clientSecret: secretSchema,
  roleClaim: shortText("The claim contains invisible characters."),
  administrator: linesSchema,
  operator: linesSchema,
  auditor: linesSchema,
  viewer: linesSchema,
  /** Empty: who maps to nothing is refused. */
  defaultRole: z.union([z.literal(""), roleSchema]),
  createsPeople: z.boolean(),
  requiredAmr: shortText("The value contains invisible characters."),
  sessionHours: z.coerce
    .number<string | number>({ error: "Enter a number of hours." })
    .int("Enter a whole number of hours.")
    .min(1, "At least 1 hour.")
    .max(MAX_SESSION_HOURS, `At most ${MAX_SESSION_HOURS} hours.`),
  rechecks: z.boolean(),
  endsAtCompany: z.boolean(),
};

type CrossFields = {
  preset: Preset;
  tenantId: string;
  domains: string[];
  issuer: string;
  roleClaim: string;
  defaultRole: string;
  createsPeople: boolean;
} & Record<Role, string[]>;

function checkTogether(input: CrossFields, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { field, missing } = PRESET_FACTS[input.preset].people;
  if (!isFilledIn(field, input)) issue(field, missing);
  const isMapped = ROLES.some((role) => input[role].length > 0);
  if (isMapped && input.roleClaim === "")
    issue("roleClaim", "Enter the claim that has these values.");
  if (input.createsPeople && !isMapped && input.defaultRole === "")
    issue("defaultRole", "Choose the role of new people, or enter values of the claim for a role.");
}

function isFilledIn(field: PeopleOf["field"], { tenantId, domains, issuer }: CrossFields): boolean {
  if (field === "tenantId") return z.uuid().safeParse(tenantId).success;
  return field === "domains" ? domains.length > 0 : issuer !== "";
}

export const createCompanySignInSchema = z
  .strictObject(fields)
  .superRefine(checkTogether)
  .superRefine(({ clientSecret }, context) => {
    if (clientSecret !== "") return;
    context.addIssue({
      code: "custom",
      path: ["clientSecret"],
      message: "Enter the client secret.",
    });
  });
export const updateCompanySignInSchema = z
  .strictObject({ id: idSchema, version: z.number().int().positive(), ...fields })
  .superRefine(checkTogether);
export type CompanySignInValues = z.input<typeof createCompanySignInSchema>;
export type CreateCompanySignIn = z.output<typeof createCompanySignInSchema>;

export const companySignInIdSchema = z.strictObject({ id: idSchema });
export const switchCompanySignInSchema = z.strictObject({ id: idSchema, enabled: z.boolean() });
export const companyOnlySchema = z.strictObject({ only: z.boolean() });
export const unlinkIdentitySchema = z.strictObject({ id: idSchema });

export const roleValuesSchema = z.object({
  administrator: z.array(z.string()),
  operator: z.array(z.string()),
  auditor: z.array(z.string()),
  viewer: z.array(z.string()),
});
export type RoleValues = z.output<typeof roleValuesSchema>;

export const testReportSchema = z.object({
  at: z.coerce.date(),
  byName: z.string(),
  remedyId: z.string().nullable(),
  /** The other side's words, or what was compared. */
  detail: z.string(),
  claims: z.array(z.object({ name: z.string(), value: z.string() })),
  role: roleSchema.nullable(),
  outcome: z.string(),
});
export type TestReport = z.output<typeof testReportSchema>;

export type CompanySignInRow = {
  id: string;
  slug: string;
  preset: Preset;
  name: string;
  issuer: string;
  enabled: boolean;
  testedAt: Date | null;
  hasFailed: boolean;
  people: number;
};

export type CompanySignInDetail = CompanySignInRow & {
  version: number;
  cloud: string | null;
  clientId: string;
  pinned: string[];
  roleClaim: string;
  roleValues: RoleValues;
  defaultRole: Role | null;
  createsPeople: boolean;
  requiredAmr: string | null;
  sessionHours: number;
  rechecks: boolean;
  endsAtCompany: boolean;
  redirectUri: string;
  backChannelUri: string;
  signedOutUri: string;
  report: TestReport | null;
};

export type CompanyButton = { slug: string; name: string };

export type IdentityRow = {
  id: string;
  companyName: string;
  decidesRole: boolean;
  username: string;
  createdAt: Date;
  lastSignInAt: Date | null;
};
