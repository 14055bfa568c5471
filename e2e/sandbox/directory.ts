import { createHash } from "node:crypto";
import { GOOGLE_USERS } from "./google/directory";

export interface Tenant {
  id: string;
  name: string;
  /** The first one is the default domain. */
  domains: readonly string[];
  /** Of tenants in the cloud of the US government: what their metadata says about them. */
  regionScope?: "DODCON";
}

export interface User {
  oid: string;
  tenantId: string;
  address: string;
  name: string;
  isAdministrator: boolean;
  /** Sign-in blocked, as it should be for the account behind a shared mailbox. */
  isDisabled: boolean;
}

/**
 * `user` belongs to a person, `shared` is opened by its members, `password` stands on a server that
 * knows no OAuth, `none` is an account without a mailbox, and `google` stands on Gmail's servers.
 */
export type MailboxKind = "user" | "shared" | "password" | "none" | "google";

export interface MailboxEntry {
  address: string;
  name: string;
  kind: MailboxKind;
  fullAccess: readonly string[];
  sendAs: readonly string[];
  hint: string;
}

/** The same name gives the same GUID on every machine, so documentation can quote it. */
export function guidFor(name: string): string {
  const hex = createHash("sha256").update(`postkey-sandbox ${name}`).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? "8";
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...groups, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Microsoft's own id of the tenant that stands for all personal accounts. */
export const CONSUMERS_TENANT_ID = "9188040d-6c67-4c5b-b112-36a304b66dad";

export const CONTOSO: Tenant = {
  id: guidFor("tenant contoso"),
  name: "Contoso",
  domains: ["contoso.test", "contoso.onmicrosoft.test"],
};

export const TENANTS: readonly Tenant[] = [
  CONTOSO,
  { id: guidFor("tenant northwind"), name: "Northwind Traders", domains: ["northwind.test"] },
  {
    id: guidFor("tenant fabrikam federal"),
    name: "Fabrikam Federal",
    domains: ["fabrikam-gov.test"],
    regionScope: "DODCON",
  },
  { id: CONSUMERS_TENANT_ID, name: "Personal accounts", domains: ["outlook.test"] },
];

export const USERS: readonly User[] = [
  user("alice@contoso.test", "Alice Fleming"),
  user("bob@contoso.test", "Bob Okafor"),
  { ...user("adele@contoso.test", "Adele Vance"), isAdministrator: true },
  user("nomail@contoso.test", "Nadia (no mailbox)"),
  { ...user("dave@contoso.test", "Dave (left the company)"), isDisabled: true },
  { ...user("support@contoso.test", "Contoso Support"), isDisabled: true },
  { ...user("sales@contoso.test", "Contoso Sales"), isDisabled: true },
  user("erin@northwind.test", "Erin Blake"),
  user("pat@outlook.test", "Pat (personal account)"),
  { ...user("grace@fabrikam-gov.test", "Grace Lowell"), isAdministrator: true },
  { ...user("intake@fabrikam-gov.test", "Fabrikam Intake"), isDisabled: true },
];

export const MAILBOXES: readonly MailboxEntry[] = [
  mailbox("alice@contoso.test", "Sign in as Alice. She is also a member of both shared mailboxes."),
  mailbox("bob@contoso.test", "Sign in as Bob. He may read support@, but not send as it."),
  mailbox("adele@contoso.test", "An administrator: can consent for the whole organisation."),
  {
    ...mailbox("support@contoso.test", ""),
    kind: "shared",
    fullAccess: ["alice@contoso.test", "bob@contoso.test"],
    sendAs: ["alice@contoso.test"],
    hint: "Shared. Sign in as Alice; IMAP and POP3 log in as support@, SMTP as Alice (Send As).",
  },
  {
    ...mailbox("sales@contoso.test", ""),
    kind: "shared",
    fullAccess: ["alice@contoso.test"],
    sendAs: ["alice@contoso.test"],
    hint: "Shared, Alice alone. Signing in as sales@ itself is blocked (AADSTS50057).",
  },
  {
    ...mailbox(
      "nomail@contoso.test",
      "Can sign in but has no mailbox: authenticated, not connected.",
    ),
    kind: "none",
  },
  mailbox("dave@contoso.test", "Disabled: signing in is refused with AADSTS50057."),
  mailbox("erin@northwind.test", "Another organisation: only the multi-tenant application."),
  mailbox("pat@outlook.test", "A personal account: only the multi-tenant application."),
  mailbox(
    "grace@fabrikam-gov.test",
    "A tenant in GCC High: cloud Sandbox GCC High, and its own application.",
  ),
  {
    ...mailbox("intake@fabrikam-gov.test", ""),
    kind: "shared",
    fullAccess: ["grace@fabrikam-gov.test"],
    sendAs: ["grace@fabrikam-gov.test"],
    hint: "Shared, in GCC High. Sign in as Grace.",
  },
  {
    address: "legacy@fabrikam.test",
    name: "Fabrikam Legacy",
    kind: "password",
    fullAccess: [],
    sendAs: [],
    hint: "Service Custom, Modern Authentication off: its own servers and a password.",
  },
  ...GOOGLE_USERS.map(({ address, name, domain }) => ({
    address,
    name,
    kind: "google" as const,
    fullAccess: [],
    sendAs: [],
    hint: domain
      ? "Google Workspace: signs in, or is opened by the service account."
      : "A personal Gmail account: cloud Sandbox Google.",
  })),
];

export function findTenant(nameOrId: string): Tenant | undefined {
  const wanted = nameOrId.toLowerCase();
  return TENANTS.find((tenant) => tenant.id === wanted || tenant.domains.includes(wanted));
}

export function findUser(address: string): User | undefined {
  const wanted = address.trim().toLowerCase();
  return USERS.find((candidate) => candidate.address === wanted);
}

export function findMailbox(address: string): MailboxEntry | undefined {
  const wanted = address.trim().toLowerCase();
  return MAILBOXES.find((candidate) => candidate.address === wanted);
}

function user(address: string, name: string): User {
  const domain = address.slice(address.indexOf("@") + 1);
  const tenant = TENANTS.find((candidate) => candidate.domains.includes(domain)) ?? CONTOSO;
  const oid = guidFor(`user ${address}`);
  return { oid, tenantId: tenant.id, address, name, isAdministrator: false, isDisabled: false };
}

function mailbox(address: string, hint: string): MailboxEntry {
  const owner = USERS.find((candidate) => candidate.address === address);
  const name = owner?.name ?? address;
  return { address, name, kind: "user", fullAccess: [], sendAs: [], hint };
}
