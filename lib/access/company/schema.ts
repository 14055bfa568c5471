import { z } from "zod";
import { hasInvisible, idSchema, nameSchema } from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";
import { type Preset, presetSchema } from "@/lib/oauth/openid/schema";
import { ROLES, type Role, roleSchema } from "../roles/schema";

/** Of a session that begins at a company. */
export const MAX_SESSION_HOURS = 12;
const VALUES_MAX = 100;

const shortText = (message: string) =>
  z
    .string()
    .max(1_024, "This is too long.")
    .transform((text) => text.normalize("NFKC").trim())
    .refine((text) => text.length <= 255, { error: "This is too long." })
    .refine((text) => !hasInvisible(text), { error: message });

const issuerSchema = z
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

/** Each on a line of its own: names of groups may have commas. */
const linesSchema = z
  .string()
  .max(16_384, `Enter at most ${VALUES_MAX} values.`)
  .transform((text) => [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter(Boolean))
  .refine((lines) => lines.length <= VALUES_MAX, { error: `Enter at most ${VALUES_MAX} values.` })
  .refine((lines) => lines.every((line) => line.length <= 255 && !hasInvisible(line)), {
    error: "A value is too long or contains invisible characters.",
  });

const domainsSchema = z
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

const secretSchema = z
  .string()
  .max(1_024, "This is too long for a client secret.")
  .transform((text) => text.trim())
  .refine((text) => !/[\p{Cc}]/u.test(text), { error: "The secret contains control characters." })
  .refine((text) => text === "" || !/^[•●*·]+$/.test(text), {
    error: "These are placeholder dots, not the secret.",
  });

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
  if (input.preset === "entra" && !z.uuid().safeParse(input.tenantId).success)
    issue(
      "tenantId",
      "Enter the tenant ID, a UUID such as 0f7e2c1a-5b3d-4e6f-8a9b-1c2d3e4f5a6b. Names such as common would admit every company.",
    );
  if (input.preset === "workspace" && input.domains.length === 0)
    issue("domains", "Enter your domain. Without it, every Google account could sign in.");
  const hasIssuer = !["entra", "workspace"].includes(input.preset);
  if (hasIssuer && input.issuer === "") issue("issuer", "Enter the issuer.");
  const isMapped = ROLES.some((role) => input[role].length > 0);
  if (isMapped && input.roleClaim === "")
    issue("roleClaim", "Enter the claim that has these values.");
  if (input.createsPeople && !isMapped && input.defaultRole === "")
    issue("defaultRole", "Choose the role of new people, or enter values of the claim for a role.");
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
export type UpdateCompanySignIn = z.output<typeof updateCompanySignInSchema>;

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

/** What the last test found. */
export const testReportSchema = z.object({
  at: z.coerce.date(),
  byName: z.string(),
  /** Null where all went well. */
  remedyId: z.string().nullable(),
  /** The other side's words, or what was compared. */
  detail: z.string(),
  claims: z.array(z.object({ name: z.string(), value: z.string() })),
  role: roleSchema.nullable(),
  /** Whether they would get in, and as whom. */
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
  /** Whether the last test failed. */
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

/** A button of the sign-in page. */
export type CompanyButton = { slug: string; name: string };

export type IdentityRow = {
  id: string;
  companyName: string;
  /** Whether the company decides what the person may do. */
  decidesRole: boolean;
  username: string;
  createdAt: Date;
  lastSignInAt: Date | null;
};
