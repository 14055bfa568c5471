import type { Protocol } from "@/lib/egress/protocols/schema";
import { words } from "@/lib/kernel/words";
import { MICROSOFT } from "./services";

export const WHO = words(
  "mailbox_owner tenant_administrator company_administrator postkey_administrator",
);
export const RETRY = ["yes", "reauth", "after_fix", "no"] as const;

export type Entry = {
  id: string;
  title: string;
  cause: string;
  /** Likeliest first. */
  steps: readonly Step[];
  who: (typeof WHO)[number];
  /** `yes`: may pass. `reauth`: a person signs in. `after_fix`: after a change. `no`: useless. */
  retry: (typeof RETRY)[number];
  /** Absent: any. */
  service?: string;
  /** Absent: both. */
  credential?: "xoauth2" | "password";
  command?: Command;
  /** For people's own mailboxes, where no right can be missing. */
  ownMailbox?: Partial<Pick<Entry, "cause" | "steps" | "command">>;
  /** Shared by entries of one cause in several protocols. */
  reason?:
    | "full_access"
    | "graph_consent"
    | "not_connected"
    | "passwords_off"
    | "role"
    // A network fault shows at the protocol's current stage: the handshake with implicit TLS, the
    // greeting with STARTTLS.
    | "resolver"
    | "connection_broken"
    | "server_silent";
  link?: Link;
  /** As on the wire. */
  says?: readonly string[];
  /** Null for Postkey's own. */
  source: string | null;
  /** A tenant's policy refuses it. */
  isPolicy?: true;
  /** Another device or network is let in. */
  elsewhere?: "device" | "network";
  /** General advice, without an entry. */
  isUnknown?: true;
};

/** Labels, the first button and links follow from it. */
export function signInHelps({ retry }: Pick<Entry, "retry">): boolean {
  return retry === "reauth";
}

/** Defaults: the administrator, after a fix. */
export type Written = Omit<Entry, "who" | "retry" | "source"> &
  Partial<Pick<Entry, "who" | "retry" | "source">>;

/** With a button of the page, or a place that varies. */
export type Step = string | { text: string; does: Deed };

export type Deed =
  | "sign_in"
  | "again"
  | "test"
  | "wait"
  | "edit_account"
  | "mailbox"
  | "edit_provider"
  | "update_secret"
  | "generate_certificate"
  | "hosts"
  | "passwords"
  | "to_tokens"
  | "send_by_graph"
  | "read_by_graph"
  | "command"
  | "company_page";

export type Remedy = Omit<Entry, "steps" | "ownMailbox"> & {
  steps: readonly string[];
  taken?: StepsTaken;
  /** Likeliest first. */
  buttons?: readonly RepairButton[];
  /** Passes by itself; no button speeds it up. */
  isWaitedFor?: true;
};

/** Empty if taken elsewhere. */
export type StepsTaken = readonly (readonly RepairKind[])[];

/** Signing in again does not help. */
export type RefusedState = "blocked_by_policy" | "refused";

type RepairedAccount = {
  id: string;
  username: string;
  isDelegate?: boolean;
  /** Of what failed, where that is one. */
  protocol?: Protocol;
  /** It signs in at Microsoft with a token. */
  mayUseGraph?: boolean;
  /** Where the mailbox is chosen; by default the second. */
  mailboxField?: "mailbox" | "emailAddress";
};

export type RepairObject = {
  service?: string | null | undefined;
  provider?: { id: string; credentialKind: string; grant: string } | undefined;
  account?: RepairedAccount | undefined;
  hostsAt?: HostsAt | undefined;
  /** People to sign in at the provider. */
  signIns?: readonly { username: string; of: SignInOf }[] | undefined;
  /** For any number of accounts. */
  incident?: { id: string; accounts: number } | undefined;
  failed?: FailedAccounts | undefined;
};

/** By default in the account. */
export type HostsAt = "account" | "provider" | "service";

/** By catalogue id, at one provider or none. */
export type FailedAccounts = {
  testRunId: string;
  failedWith: string;
  cloudProviderId?: string | undefined;
};

/** Without a run: in each account's last test, also at one server. */
export type AccountsThatFail = Omit<FailedAccounts, "testRunId"> & {
  testRunId?: string | undefined;
  server?: string | undefined;
};

export type RepairKind =
  | "update_secret"
  | "generate_certificate"
  | "sign_in"
  | "create_links"
  | "choose_delegate"
  | "edit_account"
  | "edit_provider"
  | "check"
  | "show_command"
  | "send_by_graph"
  | "read_by_graph"
  | "test"
  | "open";

export type RepairButton = { kind: RepairKind; label: string; does: RepairDeed };

export type RepairDeed =
  | { opens: string }
  | { signsIn: SignInOf }
  | { setsGraph: string; way: "sendsBy" | "readsBy" }
  | { createsLinks: LinksFor }
  | { connects: { cloudProviderId: string; grant: "app_only" | "domain_wide" } }
  | ({ testsIncident: string } & WithToken)
  | ({ testsFailed: AccountsThatFail } & WithToken);

type WithToken = { isFresh?: true };

/** At a provider that signs in by browser. */
export type LinksFor = { cloudProviderId: string; usernames: string[] } | ListedAccounts;

/** For more people than are named. */
type ListedAccounts = {
  accounts: "all";
  search: "";
  failedWith: string;
  /** Without a run: those that wait for their first sign-in. */
  failedInTestRun?: string;
  view?: "not_signed_in";
  cloudProviderId?: string | undefined;
};

export type SignInOf =
  | { subject: "provider"; cloudProviderId: string }
  | { subject: "authorization"; authorizationId: string }
  | { subject: "email_account"; emailAccountId: string };

export type Command = {
  shell: Shell;
  text: string;
  /** After "To …", where no step mentions the command. */
  purpose?: string;
  /** Absent: any. */
  of?: string;
};

export type Link = { label: string; url: string; of?: string };

export const SHELLS = [
  "Exchange Online PowerShell",
  "Microsoft Graph PowerShell",
  "Azure CLI",
  "Command line of the Postkey server",
] as const;
export type Shell = (typeof SHELLS)[number];

/** By name: `mailbox` for `{mailbox}`. */
export type RemedyContext = {
  mailbox?: string;
  login?: string;
  tenantId?: string;
  clientId?: string;
  objectId?: string;
  redirectUri?: string;
  portal?: string;
  exchange?: string;
  signInHost?: string;
  /** Unless its object says it. */
  hostsAt?: HostsAt;
  host?: string;
  port?: number;
  /** Null: no platform; undefined: unknown. */
  service?: string | null;
  /** A person's act, which nothing repeats. */
  once?: "sign_in" | "press";
  /** By default, an administrator on another page. */
  companyAt?: "its_page" | "anyone";
  object?: RepairObject;
};

/** With the person who signed in. */
export type MailboxNames = { mailbox: string; login: string };

export type Mailboxes = { names: readonly MailboxNames[]; count: number };

/** The field of an account, its button's kind and verb. */
export const BY_GRAPH = {
  sendsBy: ["send_by_graph", "Send"],
  readsBy: ["read_by_graph", "Read"],
} as const;

/** Of one account, or of all that an incident or a run names. */
export function mayUseGraph({ account, incident, failed, service }: RepairObject): boolean {
  if (account) return account.mayUseGraph === true;
  return service === MICROSOFT && Boolean(incident || failed);
}
