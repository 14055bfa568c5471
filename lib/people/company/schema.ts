import { z } from "zod";
import {
  hasInvisible,
  idSchema,
  lineSchema,
  nameSchema,
  secretSchema,
} from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";
import type { PeopleOf } from "@/lib/oauth/openid/presets/preset";
import { PRESET_FACTS, type Preset, presetSchema } from "@/lib/oauth/openid/schema";
import { MAX_SESSION_HOURS } from "../administrators/schema";
import { ROLES, type Role, roleSchema } from "../roles/schema";

const VALUES_MAX = 100;

const shortText = (invisible: string) =>
  lineSchema({ max: 255, tooLong: "This is too long.", invisible });

export const issuerSchema = z
  .string()
  .max(2_048, "This is too long for an address.")
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    if (text === "") return;
    const url = URL.canParse(text) && !/[\s\\]/.test(text) ? new URL(text) : null;
    const isWhole = url?.protocol === "https:" && !url.search && !url.hash && !url.username;
    const message = text.startsWith("http:")
      ? "The issuer must begin with https://."
      : "Enter the issuer, such as https://id.contoso.com, exactly as your provider writes it.";
    if (!isWhole || hasInvisible(text)) context.addIssue({ code: "custom", message });
  })
  // People copy the address of the document.
  .transform((text) => text.replace(/\/\.well-known\/openid-configuration\/?$/, ""));

/** Names of groups may have commas. */
export const linesSchema = z
  .string()
  .max(16_384, `Enter at most ${VALUES_MAX} values.`)
  .transform((text) => [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter(Boolean))
  .refine((lines) => lines.length <= VALUES_MAX, { error: `Enter at most ${VALUES_MAX} values.` })
  .refine((lines) => lines.every((line) => line.length <= 255 && !hasInvisible(line)), {
    error: "A value is too long or contains invisible characters.",
  });

export const domainsSchema = z
  .string()
  .max(8_192, "This is too long.")
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  )
  .superRefine((domains, context) => {
    const wrong = domains.find(
      (domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(asciiDomain(domain)),
    );
    if (wrong !== undefined)
      context.addIssue({ code: "custom", message: `${wrong.slice(0, 80)} is not a domain.` });
  })
  .transform((domains) => [...new Set(domains.map(asciiDomain))]);

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
    { error: "Enter the client ID." },
  ),
  /** Empty when editing: the stored one stays. */
  clientSecret: z
    .string()
    .trim()
    .pipe(secretSchema("secret", "This is too long for a client secret.")),
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
  .refine(({ clientSecret }) => clientSecret !== "", {
    path: ["clientSecret"],
    error: "Enter the client secret.",
  });
export const updateCompanySignInSchema = z
  .strictObject({ id: idSchema, version: z.number().int().positive(), ...fields })
  .superRefine(checkTogether);
export type CompanySignInValues = z.input<typeof createCompanySignInSchema>;
export type CreateCompanySignIn = z.output<typeof createCompanySignInSchema>;

/** Fields that a row has as the form has them. */
export const SAME_IN_ROW = [
  ...(["preset", "name", "clientId", "roleClaim", "createsPeople"] as const),
  ...(["sessionHours", "rechecks", "endsAtCompany"] as const),
];

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
  detail: z.string(),
  claims: z.array(z.object({ name: z.string(), value: z.string() })),
  role: roleSchema.nullable(),
  outcome: z.string(),
});
export type TestReport = z.output<typeof testReportSchema>;

export type CompanyButton = { slug: string; name: string };
