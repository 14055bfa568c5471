import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import { CONTOSO, findTenant, guidFor } from "./directory";
import type { ExchangeAccess } from "./exchange/access";

export interface ClientSecret {
  id: string;
  value: string;
  /** What it was called when it was made through Graph. */
  displayName?: string;
  /** Milliseconds since 1970, as all times in the sandbox's state. */
  createdAt: number;
  expiresAt: number;
}

/** Which accounts may sign in: the directory's own, any organisation's, or personal ones as well. */
type AccountTypes = "tenant" | "organizations" | "organizations_and_personal";

export interface Registration {
  clientId: string;
  name: string;
  tenantId: string;
  accountTypes: AccountTypes;
  redirectUris: string[];
  secrets: ClientSecret[];
  certificates: string[];
  /** Subjects of the sandbox's other issuer whose tokens prove this application. */
  federatedSubjects?: readonly string[];
  /** "Allow public client flows": no credential then, where no redirect URI is used. */
  isPublicClient?: boolean;
  /** Granted in Entra: those of Microsoft Graph open every mailbox. */
  applicationPermissions: readonly string[];
  /** Undefined until New-ServicePrincipal. */
  exchange?: ExchangeAccess;
}

const DAY_MS = 86_400_000;
/** What the portal proposes: 180 days. */
const SECRET_DAYS = 180;

export const APPLICATION_PERMISSIONS: readonly string[] = [
  "IMAP.AccessAsApp",
  "POP.AccessAsApp",
  "SMTP.SendAsApp",
  "Mail.Send",
  "Mail.ReadBasic",
];

export const MAIN_CLIENT_ID = guidFor("application postkey");
export const MULTI_TENANT_CLIENT_ID = guidFor("application postkey multi-tenant");
export const GOVERNMENT_CLIENT_ID = guidFor("application postkey government");
export const SERVICE_CLIENT_ID = guidFor("application postkey service");

/** A service account of Kubernetes, and the managed identity of this "machine". */
export const WORKLOAD_SUBJECT = "system:serviceaccount:postkey:postkey";
export const MACHINE_SUBJECT = guidFor("managed identity");

/** The registrations that a new or reset sandbox has. */
export function initialRegistrations(now: number, certificatePem: string): Registration[] {
  const main: Registration = {
    clientId: MAIN_CLIENT_ID,
    name: "Postkey",
    tenantId: CONTOSO.id,
    accountTypes: "tenant",
    redirectUris: [],
    secrets: [createSecret(now)],
    certificates: [],
    federatedSubjects: [WORKLOAD_SUBJECT, MACHINE_SUBJECT],
    applicationPermissions: [],
  };
  return [
    main,
    {
      ...main,
      clientId: MULTI_TENANT_CLIENT_ID,
      name: "Postkey for every organisation",
      accountTypes: "organizations_and_personal",
      secrets: [createSecret(now)],
    },
    {
      ...main,
      clientId: SERVICE_CLIENT_ID,
      name: "Postkey without a user",
      secrets: [createSecret(now)],
      certificates: [certificatePem],
      applicationPermissions: APPLICATION_PERMISSIONS,
      exchange: {
        fullAccess: ["alice@contoso.test", "support@contoso.test", "sales@contoso.test"],
        roles: [],
      },
    },
    {
      ...main,
      clientId: GOVERNMENT_CLIENT_ID,
      name: "Postkey in GCC High",
      tenantId: findTenant("fabrikam-gov.test")?.id ?? "",
      secrets: [createSecret(now)],
    },
  ];
}

/** A secret that looks like Microsoft's: 40 characters, with the `~` that must be form-encoded. */
export function createSecret(now: number, days = SECRET_DAYS): ClientSecret {
  const random = randomBytes(40).toString("base64url");
  const value = `${random.slice(0, 3)}8Q~${random.slice(3, 37)}`;
  return { id: randomUUID(), value, createdAt: now, expiresAt: now + days * DAY_MS };
}

/** The secret to paste: the oldest that still works. Later ones were shown when they were made. */
export function currentSecret(registration: Registration, now: number): ClientSecret | undefined {
  return registration.secrets.find((secret) => secret.expiresAt > now);
}

/** Adds the public certificate with which the application may sign its client assertions. */
export function addCertificate(registration: Registration, pem: string): void {
  const certificate = new X509Certificate(pem).toString();
  if (!registration.certificates.includes(certificate)) registration.certificates.push(certificate);
}
