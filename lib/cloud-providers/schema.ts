import { z } from "zod";
import { DAY_MS } from "@/lib/clock";
import { idSchema, nameSchema } from "@/lib/fields/schema";
import { asciiDomain } from "@/lib/normalize";
import {
  type CredentialInput,
  clientSecretSchema,
  credentialInputSchema,
  GUID,
  secretExpirySchema,
  trimGuid,
} from "./credentials/schema";
import { type ProviderHosts, providerHostsSchema } from "./hosts/schema";

const NIL_GUID = "00000000-0000-0000-0000-000000000000";
const ALIASES = ["common", "organizations", "consumers"];

const clientIdSchema = z
  .string({ error: "Enter the application id." })
  .max(1_024, "This is too long for an application id.")
  .transform((text) => trimGuid(text).toLowerCase())
  .superRefine((text, context) => {
    if (text === "") return addIssue(context, "Enter the application id.");
    if (!GUID.test(text)) return addIssue(context, guidProblem(text, "Application (client) ID"));
    if (text === NIL_GUID) addIssue(context, "This id is all zeros: copy the one of your app.");
  });

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

const accountTypesSchema = z.enum(["tenant", "organizations", "organizations_and_personal"], {
  error: "Choose who may sign in.",
});

export const SERVICE_IDS = ["microsoft_azure", "google"] as const;
export type ServiceId = (typeof SERVICE_IDS)[number];

export const GRANTS = ["delegated", "device_code", "app_only"] as const;
export type Grant = (typeof GRANTS)[number];

const cloudIdSchema = z
  .string({ error: "Choose a cloud." })
  .regex(/^[a-z0-9-]{1,32}$/, "Choose a cloud.");

const microsoftFields = {
  name: nameSchema,
  service: z.literal("microsoft_azure", { error: "Choose a service." }),
  type: z.literal("outlook365", { error: "Choose a type." }),
  cloud: cloudIdSchema,
  accountTypes: accountTypesSchema,
  grant: z.enum(GRANTS, { error: "Choose how mailboxes sign in." }),
  clientId: clientIdSchema,
  tenantId: tenantSchema,
  /** Null where the cloud says all of them. */
  hosts: providerHostsSchema.nullable(),
};

const GOOGLE_CLIENT = /^\d{6,24}-[a-z0-9_-]{4,64}\.apps\.googleusercontent\.com$/;

const googleClientIdSchema = z
  .string({ error: "Enter the client id." })
  .max(1_024, "This is too long for a client id.")
  .transform((text) => text.trim().toLowerCase())
  .superRefine((text, context) => {
    if (text === "") return addIssue(context, "Enter the client id.");
    if (!GOOGLE_CLIENT.test(text))
      addIssue(
        context,
        "This is not a client id of Google: it begins with a number and ends in .apps.googleusercontent.com.",
      );
  });

/** Of a Workspace domain, whose people alone may sign in then; empty for personal accounts too. */
const googleDomainSchema = z
  .string()
  .max(1_024, "This is too long for a domain.")
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => text === "" || isDomain(text), "This is not a domain.");

const googleFields = {
  name: nameSchema,
  service: z.literal("google", { error: "Choose a service." }),
  type: z.literal("gmail", { error: "Choose a type." }),
  cloud: cloudIdSchema,
  accountTypes: z.literal("tenant", { error: "Choose who may sign in." }),
  grant: z.literal("delegated", { error: "At Google each mailbox signs in." }),
  clientId: googleClientIdSchema,
  tenantId: googleDomainSchema,
  hosts: z.null("Google has the same hosts everywhere."),
};

type Ids = { clientId: string; tenantId: string };

function refuseSameIds({ clientId, tenantId }: Ids, context: z.RefinementCtx): void {
  if (clientId !== tenantId) return;
  const message =
    "The application id and the tenant id are the same. One of them was pasted twice.";
  context.addIssue({ code: "custom", message, path: ["tenantId"] });
}

const created = { credential: credentialInputSchema, redirectUri: z.string().max(2_048) };

/** A variant for each service. */
export const createCloudProviderSchema = z
  .discriminatedUnion(
    "service",
    [
      z.strictObject({ ...microsoftFields, ...created }),
      z.strictObject({ ...googleFields, ...created }),
    ],
    { error: "Choose a service." },
  )
  .superRefine(refuseSameIds);

const edited = {
  id: idSchema,
  version: z.number().int().positive(),
  replacement: credentialInputSchema.nullable(),
};

/** A new credential comes with it when the app registration itself becomes another. */
export const updateCloudProviderSchema = z
  .discriminatedUnion(
    "service",
    [
      z.strictObject({ ...microsoftFields, ...edited }),
      z.strictObject({ ...googleFields, ...edited }),
    ],
    { error: "Choose a service." },
  )
  .superRefine(refuseSameIds);

export const updateClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  clientSecret: clientSecretSchema,
  secretExpiresOn: secretExpirySchema,
});

export const deleteCloudProviderSchema = z.strictObject({
  id: idSchema,
  /** The number of accounts that the person was told would stop. */
  acceptedAccounts: z.number().int().min(0),
});

export type CreateCloudProvider = z.output<typeof createCloudProviderSchema>;
export type UpdateCloudProvider = z.output<typeof updateCloudProviderSchema>;
export type UpdateClientSecret = z.output<typeof updateClientSecretSchema>;
export type DeleteCloudProvider = z.output<typeof deleteCloudProviderSchema>;
export type AccountTypes = z.infer<typeof accountTypesSchema>;

export const CLOUD_PROVIDER_SORTS = ["name", "created"] as const;
export type CloudProviderSort = (typeof CLOUD_PROVIDER_SORTS)[number];

/** How an authorization, or the worst of a provider's, stands. */
export type ConnectionState =
  | "not_signed_in"
  | "connected"
  | "retrying"
  | "sign_in_again"
  | "fix_registration"
  | "locked";

export type CloudProviderRow = {
  id: string;
  name: string;
  service: ServiceId;
  cloud: string;
  grant: Grant;
  state: ConnectionState;
  failureId: string | null;
  /** Who is signed in, newest first, three at most; `authorizationCount` counts all. */
  usernames: string[];
  authorizationCount: number;
  accountCount: number;
  credentialKind: CredentialKind;
  /** Null of kinds that do not end. */
  secretExpiresAt: Date | null;
  secretHint: string | null;
  createdAt: Date;
};

export type CloudProviderDetail = CloudProviderRow & {
  type: string;
  accountTypes: AccountTypes;
  clientId: string;
  tenantId: string;
  redirectUri: string;
  /** As they are used: those of the cloud, and what differs. */
  hosts: ProviderHosts | null;
  hasOwnHosts: boolean;
  version: number;
  /** Whether Postkey renews the secret by itself, and why the last attempt failed. */
  autoRotate: boolean;
  rotationFailureId: string | null;
  rotationFailedAt: Date | null;
  /** Since when a new secret waits for being accepted. */
  newSecretMadeAt: Date | null;
  /** Whether its platform has a page on which an administrator agrees for everybody. */
  canConsent: boolean;
  /** A certificate that was made here and is not in use yet. */
  pendingCertificate: PendingCertificateView | null;
  credentials: CredentialRow[];
};

export type CredentialKind = CredentialInput["kind"];

export type PendingCertificateView = {
  thumbprint: string;
  expiresAt: Date;
  createdAt: Date;
  createdByName: string;
};

export type CredentialRow = {
  id: string;
  kind: CredentialKind;
  /** Of a certificate: SHA-1 in hexadecimal digits, as Microsoft's pages show it. */
  thumbprint: string | null;
  hint: string;
  version: number;
  createdAt: Date;
  createdByName: string;
  /** Null of kinds that do not end. */
  expiresAt: Date | null;
  provedAt: Date | null;
  supersededAt: Date | null;
  /** Until when a replaced one can be put in use again; null when its value was erased. */
  keptUntil: Date | null;
  origin: string;
  restoredFrom: number | null;
  refusedAt: Date | null;
};

function addIssue(context: z.RefinementCtx, message: string): void {
  context.addIssue({ code: "custom", message });
}

function isDomain(text: string): boolean {
  return text.includes(".") && asciiDomain(text) !== "" && /^[\p{L}\p{N}.-]+$/u.test(text);
}

function guidProblem(text: string, label: string): string {
  const hint = `Copy “${label}” from the app registration's overview: 32 hexadecimal digits in five groups.`;
  if (/^[0-9a-f]{32}$/i.test(text)) return `The dashes are missing. ${hint}`;
  if (text.includes("@")) return `This looks like an email address. ${hint}`;
  return `This is not an id of that kind. ${hint}`;
}

/**
 * What is wrong with a redirect URI that somebody sent instead of the one computed here. Microsoft,
 * "Redirect URI (reply URL) restrictions and limitations".
 * @returns null when it is the expected one, byte for byte
 */
export function redirectUriProblem(text: string, expected: string): string | null {
  if (text === expected) return null;
  if (text.length > 256) return "A redirect URI has at most 256 characters.";
  if (!URL.canParse(text) || new URL(text).href !== text)
    return `This address is not written in its plain form. Use exactly ${expected}`;
  const url = new URL(text);
  if (!["https:", "http:"].includes(url.protocol)) return "Only https is accepted.";
  if (url.username || url.password) return "A redirect URI names no user.";
  if (url.origin !== new URL(expected).origin)
    return `The address must be Postkey's own. Use exactly ${expected}`;
  return `The identity platform compares every character, capitals too. Use exactly ${expected}`;
}

export const providerUseSchema = z.strictObject({ cloudProviderId: idSchema });

/** Accounts that would stop with a provider: the first by name, and how many in all. */
export type ProviderUse = { accounts: { id: string; name: string }[]; accountCount: number };

/** A cloud as forms and lists name it. */
export type CloudChoice = {
  hosts: ProviderHosts;
  id: string;
  service: ServiceId;
  label: string;
  portal: string;
  hasGraph: boolean;
};

export const restoreClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  version: z.number().int().min(1),
});

export const setAutoRotateSchema = z.strictObject({
  cloudProviderId: idSchema,
  autoRotate: z.boolean(),
});
export const rotateClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  /** The version of the secret that the person saw in use. */
  version: z.number().int().min(1),
});

export type SetAutoRotate = z.output<typeof setAutoRotateSchema>;
export type RotateClientSecret = z.output<typeof rotateClientSecretSchema>;

/**
 * What came of a turn at the automatic rotation. `waiting`: a new secret was made, and the token
 * endpoint does not take it yet. `superseded`: somebody else was faster, and theirs stays.
 */
export type RotationResult =
  | { kind: "rotated" }
  | { kind: "not_due" }
  | { kind: "superseded" }
  | { kind: "waiting"; madeAt: Date }
  | { kind: "failed"; failureId: string };

const ROTATE_BEFORE_END_MS = 30 * DAY_MS;

/** From when on a secret that ends then is replaced automatically. */
export function rotatesAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ROTATE_BEFORE_END_MS);
}

export type RestoreClientSecret = z.output<typeof restoreClientSecretSchema>;
