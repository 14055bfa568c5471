import { z } from "zod";
import { hostsSchema } from "@/lib/egress/schema";
import { addIssue, filledIn, nameSchema } from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";
import { ACCOUNT_TYPES, type AccountTypes, type Grant } from "@/lib/oauth/schema";
import { GUID, trimGuid } from "../credentials/schema";

/** An https origin as people type it: with or without a slash at its end, and nothing behind that. */
function originSchema(what: string) {
  return z
    .string({ error: `Enter the ${what}.` })
    .max(512, "This is too long for an address.")
    .transform((text) => text.trim())
    .superRefine((text, context) => {
      const issue = (message: string) => context.addIssue({ code: "custom", message });
      if (text === "") return issue(`Enter the ${what}.`);
      if (!URL.canParse(text)) return issue("Enter a full address, such as https://login.example.");
      const { protocol, pathname, search, hash, username } = new URL(text);
      if (protocol !== "https:") return issue("Only https is accepted here.");
      if (username) return issue("The address must not contain a user name.");
      if (pathname !== "/" || search || hash)
        issue("Enter the address up to the host, without a path.");
    })
    .transform((text) => (URL.canParse(text) ? new URL(text).origin : text));
}

/** Where this provider's platform and mail servers stand, where that is not where its cloud says. */
export const providerHostsSchema = z.strictObject({
  authority: originSchema("address of the sign-in servers"),
  scopeHost: originSchema("host of the mail scopes"),
  /** Empty where the cloud has none. */
  graph: originSchema("address of Microsoft Graph").or(z.literal("")),
  mail: hostsSchema,
});

export type ProviderHosts = z.output<typeof providerHostsSchema>;

const NIL_GUID = "00000000-0000-0000-0000-000000000000";
const ALIASES = ["common", "organizations", "consumers"];

/** A GUID, or a domain, which is resolved to the GUID when it is saved. */
export const tenantSchema = z
  .string({ error: "Enter the tenant id." })
  .max(1_024, "This is too long for a tenant id.")
  .transform((text) => trimGuid(text).toLowerCase())
  .superRefine((text, context) => {
    if (text === "") return addIssue(context, "Enter the tenant id.");
    if (ALIASES.includes(text))
      return addIssue(
        context,
        `“${text}” stands for many tenants. Enter your own tenant's id here, and choose who may sign in under “Supported account types”.`,
      );
    if (text === NIL_GUID)
      return addIssue(context, "This id is all zeros: copy the one of your tenant.");
    if (!GUID.test(text) && !isDomain(text))
      addIssue(context, guidProblem(text, "Directory (tenant) ID"));
  });

export const accountTypesSchema = z.enum(ACCOUNT_TYPES, { error: "Choose who may sign in." });

export const MICROSOFT_GRANTS = [
  "delegated",
  "device_code",
  "app_only",
] as const satisfies readonly Grant[];

export const GRANT_LABELS: Readonly<Record<Grant, string>> = {
  delegated: "Each mailbox, in the browser (delegated)",
  device_code: "Each mailbox, on another device (device code)",
  app_only: "The application by itself (app-only)",
  domain_wide: "A service account (domain-wide delegation)",
};

export function grantChoices(grants: readonly Grant[]) {
  return grants.map((value) => ({ value, label: GRANT_LABELS[value] }));
}

export const ACCOUNT_TYPE_LABELS: Readonly<Record<AccountTypes, string>> = {
  tenant: "This tenant only",
  organizations: "Any organisation",
  organizations_and_personal: "Any organisation and personal accounts",
};

export const cloudIdSchema = z
  .string({ error: "Choose a cloud." })
  .regex(/^[a-z0-9-]{1,32}$/, "Choose a cloud.");

/** What a registration has where nothing else is said: the form begins with it. */
export const REGISTRATION_DEFAULTS = {
  service: "microsoft_azure",
  type: "outlook365",
  cloud: "global",
  accountTypes: "tenant",
  grant: "delegated",
  hosts: null,
} as const;

export const microsoftFields = {
  name: nameSchema,
  service: filledIn(
    z.literal("microsoft_azure", { error: "Choose a service." }),
    REGISTRATION_DEFAULTS.service,
  ),
  type: filledIn(z.literal("outlook365", { error: "Choose a type." }), REGISTRATION_DEFAULTS.type),
  cloud: filledIn(cloudIdSchema, REGISTRATION_DEFAULTS.cloud),
  accountTypes: filledIn(accountTypesSchema, REGISTRATION_DEFAULTS.accountTypes),
  grant: filledIn(
    z.enum(MICROSOFT_GRANTS, { error: "Choose how mailboxes sign in." }),
    REGISTRATION_DEFAULTS.grant,
  ),
  clientId: z
    .string({ error: "Enter the application id." })
    .max(1_024, "This is too long for an application id.")
    .transform((text) => trimGuid(text).toLowerCase())
    .superRefine((text, context) => {
      if (text === "") return addIssue(context, "Enter the application id.");
      if (!GUID.test(text)) return addIssue(context, guidProblem(text, "Application (client) ID"));
      if (text === NIL_GUID) addIssue(context, "This id is all zeros: copy the one of your app.");
    }),
  tenantId: tenantSchema,
  /** Null where the cloud says all of them. */
  hosts: filledIn(providerHostsSchema.nullable(), REGISTRATION_DEFAULTS.hosts),
};

export function isDomain(text: string): boolean {
  return text.includes(".") && asciiDomain(text) !== "" && /^[\p{L}\p{N}.-]+$/u.test(text);
}

function guidProblem(text: string, label: string): string {
  const hint = `Copy “${label}” from the app registration's overview: 32 hexadecimal digits in five groups.`;
  if (/^[0-9a-f]{32}$/i.test(text)) return `The dashes are missing. ${hint}`;
  if (text.includes("@")) return `This looks like an email address. ${hint}`;
  return `This is not a valid id. ${hint}`;
}
