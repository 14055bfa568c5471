export const WHO = [
  "mailbox_owner",
  "tenant_administrator",
  "company_administrator",
  "postkey_administrator",
] as const;
export const RETRY = ["yes", "reauth", "after_fix", "no"] as const;

/** An entry of the error catalogue: what happened, why, and who does what about it. */
export type Entry = {
  id: string;
  /** What happened, in one plain sentence. */
  title: string;
  cause: string;
  /** In order. The first one is the most likely to help. */
  steps: readonly Step[];
  who: (typeof WHO)[number];
  /**
   * `yes`: the same again may succeed. `reauth`: a person has to sign in. `after_fix`: something
   * has to be changed first. `no`: repeating it is of no use.
   */
  retry: (typeof RETRY)[number];
  /** Whose mail servers or sign-in pages it is about: it is shown for no other. Any, where it is not said. */
  service?: string;
  /** What was refused, where that matters: a password is nothing that a token needs, and the reverse. */
  credential?: "xoauth2" | "password";
  command?: Command;
  /** What differs when people use their own mailbox, and no right to another one can be missing. */
  ownMailbox?: Partial<Pick<Entry, "cause" | "steps" | "command">>;
  /** The same in each entry of one cause that shows in several protocols. */
  reason?:
    | "full_access"
    | "not_connected"
    | "passwords_off"
    | "role"
    // One fault of the network shows at the stage that a protocol happens to be in: with TLS from the
    // start while the connection is secured, with STARTTLS before the server has greeted.
    | "resolver"
    | "connection_broken"
    | "server_silent";
  link?: Link;
  /** What the other side says when it means this, as it stands on the wire. */
  says?: readonly string[];
  /** The page that the facts come from; null for what only Postkey itself says. */
  source: string | null;
  /** A policy of the tenant refuses it: what it is called where there is room for a word. */
  isPolicy?: true;
  /** What the sign-in was made on, or from where, is refused, and another one is let in. */
  elsewhere?: "device" | "network";
  /** A failure that the catalogue has no entry for: this is the general advice. */
  isUnknown?: true;
};

/**
 * Whether a person who signs in again gets past a failure. The one rule: what it is called, which button comes
 * first and who gets a link follow from it.
 */
export function signInHelps({ retry }: Pick<Entry, "retry">): boolean {
  return retry === "reauth";
}

/** As it is written: most are mended by the administrator of Postkey, and not worth another attempt before that. */
export type Written = Omit<Entry, "who" | "retry" | "source"> &
  Partial<Pick<Entry, "who" | "retry" | "source">>;

/** One thing to do, and what takes it: a button of the page, or something whose place differs. */
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
  | "command"
  | "company_page";

/** An entry as it is shown: with the words, the places and the buttons of one page. */
export type Remedy = Omit<Entry, "steps" | "ownMailbox"> & {
  steps: readonly string[];
  /** By which kinds of button each step is taken. */
  taken?: StepsTaken;
  /** What repairs it: the likeliest first. */
  buttons?: readonly RepairButton[];
  /** Its first step is to wait: it passes by itself, and no button brings it forward. */
  isWaitedFor?: true;
};

/** For each step the kinds of button that take it; none where it is taken somewhere else. */
export type StepsTaken = readonly (readonly RepairKind[])[];

/** What a refusal is called that signing in again does not lift. */
export type RefusedState = "blocked_by_policy" | "refused";

/** What a remedy is about, as far as it is known: its buttons lead there. */
type RepairedAccount = {
  id: string;
  username: string;
  isDelegate?: boolean;
  /** The field of its form that says which mailbox is opened; the second, where it is not said. */
  mailboxField?: "mailbox" | "emailAddress";
};

export type RepairObject = {
  /** As in the context, where the object says it. */
  service?: string | null | undefined;
  provider?: { id: string; credentialKind: string; grant: string } | undefined;
  account?: RepairedAccount | undefined;
  hostsAt?: HostsAt | undefined;
  /** Those who are to sign in at the provider again. */
  signIns?: readonly { username: string; of: SignInOf }[] | undefined;
  /** One cause for any number of accounts. */
  incident?: { id: string; accounts: number } | undefined;
  /** The accounts that one cause stopped in a test run. */
  failed?: FailedAccounts | undefined;
};

/** Where host, port and TLS of accounts are set; in the account, where it is not said. */
export type HostsAt = "account" | "provider" | "service";

/** The accounts that failed in a test run with one id of the catalogue, at one provider or without any. */
export type FailedAccounts = {
  testRunId: string;
  failedWith: string;
  cloudProviderId?: string | undefined;
};

/** The same in a test run or, without one, in the last test of each; there also at one server. */
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
  | "copy_command"
  | "test"
  | "open";

/** A button beside a remedy, and what it does. */
export type RepairButton = { kind: RepairKind; label: string; does: RepairDeed };

export type RepairDeed =
  | { opens: string }
  | { signsIn: SignInOf }
  | { createsLinks: LinksFor }
  | { connects: { cloudProviderId: string; grant: "app_only" | "domain_wide" } }
  | { copiesCommandOf: string }
  | ({ testsIncident: string } & WithToken)
  | ({ testsFailed: AccountsThatFail } & WithToken);

/** Whether each account gets a new token first. */
type WithToken = { isFresh?: true };

/** People who sign in themselves, each with a link, at a provider where that is done by browser. */
export type LinksFor = { cloudProviderId: string; usernames: string[] } | ListedAccounts;

/** As the list of accounts is narrowed to those that failed in a test run, for more people than are named. */
type ListedAccounts = {
  accounts: "all";
  search: "";
  failedInTestRun: string;
  failedWith: string;
  cloudProviderId?: string | undefined;
};

export type SignInOf =
  | { subject: "provider"; cloudProviderId: string }
  | { subject: "authorization"; authorizationId: string }
  | { subject: "email_account"; emailAccountId: string };

export type Command = {
  shell: Shell;
  text: string;
  /** Its purpose, after "To …": the catalogue adds a step where no step mentions the command. */
  purpose?: string;
  /** Whose service it looks after; any, where it is not said. */
  of?: string;
};

export type Link = { label: string; url: string; of?: string };

/** Where a command is to be typed. */
export const SHELLS = [
  "Exchange Online PowerShell",
  "Microsoft Graph PowerShell",
  "Azure CLI",
  "Command line of the Postkey server",
] as const;
export type Shell = (typeof SHELLS)[number];

/** Values for the placeholders of a text, by name; `{mailbox}` stands for `mailbox`. */
export type RemedyContext = {
  mailbox?: string;
  /** Who signed in to it. */
  login?: string;
  tenantId?: string;
  clientId?: string;
  objectId?: string;
  redirectUri?: string;
  /** Origin of the admin center of the provider's cloud. */
  portal?: string;
  /** Origin of the Exchange admin center of that cloud, where it is known. */
  exchange?: string;
  /** Of the token endpoint, such as login.microsoftonline.com. */
  signInHost?: string;
  /** Where its object does not say it. */
  hostsAt?: HostsAt;
  host?: string;
  port?: number;
  /** Whose servers or sign-in pages refused; null for those of no platform, undefined where it is not known. */
  service?: string | null;
  /** Nothing repeats by itself what failed: a person signed in, or pressed a button. */
  once?: "sign_in" | "press";
  /** Who reads about a company sign-in, where that is not an administrator on another page. */
  companyAt?: "its_page" | "anyone";
  /** What the buttons of the remedy are for. */
  object?: RepairObject;
};

/** Whose mailbox a command is about, and who signed in to it. */
export type MailboxNames = { mailbox: string; login: string };

/** What many mailboxes have in common: a command is to be done for each. */
export type Mailboxes = {
  names: readonly MailboxNames[];
  /** How many there are in all, named or not. */
  count: number;
};
