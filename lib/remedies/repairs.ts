import {
  type AccountsThatFail,
  type FailedAccounts,
  type LinksFor,
  type Remedy,
  type RepairButton,
  type RepairKind,
  type RepairObject,
  type SignInOf,
  signInHelps,
} from "./remedy";
import { atHosts, atNames, editOf, withFreshToken } from "./repair-places";

type Refused = Pick<Remedy, "id" | "retry">;

export type Told = {
  kinds: readonly RepairKind[];
  /** About hosts, or the choice of mailbox. */
  isOfHosts: boolean;
  isOfMailbox: boolean;
  /** Only the person can repeat it. */
  isSignIn: boolean;
};

/** In the order of the steps. */
export function buttonsFor(remedy: Refused, told: Told, object: RepairObject): RepairButton[] {
  const helps = told.isSignIn || signInHelps(remedy);
  const all = kindsOf(remedy, { ...told, helps }, object).flatMap((kind) => MAKE[kind](object));
  const made = told.isOfHosts ? all.map((button) => atHosts(button, object)) : all;
  const buttons = isOfRenewal(remedy) && remedy.retry !== "yes" ? made.map(withFreshToken) : made;
  const shown = atNames(buttons, told.isOfMailbox, object.account);
  const ordered = helps
    ? shown
    : [...shown.filter((button) => !isOfPerson(button)), ...shown.filter(isOfPerson)];
  return distinct(ordered.length > 0 ? ordered : MAKE.open(object));
}

export function isOfRenewal({ id, retry }: Refused): boolean {
  return !signInHelps({ retry }) && OF_PLATFORM.test(id);
}

const OF_PLATFORM = /^(?:AADSTS|google\.|postkey\.)/;

/** The cause may be mended; none where that shows by itself. */
export function testsAgain(
  remedy: Pick<Remedy, "id" | "retry">,
  failed: Omit<AccountsThatFail, "testRunId">,
): RepairButton[] {
  if (signInHelps(remedy) || remedy.retry === "yes") return [];
  const button: RepairButton = { kind: "test", label: "Test again", does: { testsFailed: failed } };
  return [isOfRenewal(remedy) ? withFreshToken(button) : button];
}

/** At the platform, by themselves or with a link. */
function isOfPerson({ kind, does }: RepairButton): boolean {
  return kind === "create_links" || (kind === "sign_in" && !("connects" in does));
}

function kindsOf(
  { id, retry }: Refused,
  { kinds: told, helps }: Told & { helps: boolean },
  { account, incident, failed }: RepairObject,
): RepairKind[] {
  const isOfRegistration = told.includes("update_secret") || told.includes("edit_provider");
  // Sign-ins show their result; passing failures are not pressed by many.
  const isTested =
    failed !== undefined || (!helps && (account || incident) && !(incident && retry === "yes"));
  const also: readonly (readonly [unknown, RepairKind])[] = [
    [helps, "sign_in"],
    [OF_DELEGATES.test(id), "choose_delegate"],
    [isOfRegistration && /^AADSTS/.test(id), "check"],
    [isTested, "test"],
  ];
  return [...told, ...also.flatMap(([holds, kind]) => (holds ? [kind] : []))].flatMap(
    (kind): RepairKind[] => (kind === "sign_in" ? [kind, "create_links"] : [kind]),
  );
}

/** Someone with the right would not meet them. */
const OF_DELEGATES =
  /^(?:(?:imap|pop3)\.(?:no_full_access|not_connected|not_authorised|mailbox_refused)|smtp\.send_as_denied|token\.other_user)$/;

const CREDENTIALS: Readonly<Record<string, { label: string; dialog: string }>> = {
  client_secret: { label: "Update Client Secret", dialog: "secret" },
  certificate: { label: "Update certificate", dialog: "certificate" },
  service_account: { label: "Update key", dialog: "key" },
};
const OTHER_CREDENTIAL = { label: "Change credential", dialog: "change" };

/** The dialog on its page, by kind. */
export function renewalAt(provider: { id: string; credentialKind: string }): string {
  const { dialog } = CREDENTIALS[provider.credentialKind] ?? OTHER_CREDENTIAL;
  const isMadeHere = provider.credentialKind === "certificate";
  return `${pageOf(provider)}?open=${isMadeHere ? "generate" : dialog}`;
}

const MAKE: Readonly<Record<RepairKind, (object: RepairObject) => RepairButton[]>> = {
  update_secret: ({ provider }) => {
    if (!provider) return [];
    const { label, dialog } = CREDENTIALS[provider.credentialKind] ?? OTHER_CREDENTIAL;
    return opens("update_secret", label, `${pageOf(provider)}?open=${dialog}`);
  },
  generate_certificate: ({ provider }) =>
    provider
      ? opens("generate_certificate", "Generate certificate", `${pageOf(provider)}?open=generate`)
      : [],
  sign_in: signIn,
  create_links: createLinks,
  choose_delegate: ({ account }) =>
    account?.isDelegate
      ? opens("choose_delegate", "Choose another delegate", `${editOf(account)}?field=username`)
      : [],
  edit_account: ({ account }) =>
    account ? opens("edit_account", "Edit the account", editOf(account)) : [],
  edit_provider: ({ provider }) =>
    provider ? opens("edit_provider", "Edit the provider", `${pageOf(provider)}/edit`) : [],
  check: ({ provider }) =>
    provider ? opens("check", "Check", `${pageOf(provider)}?check=now`) : [],
  copy_command: ({ incident }) =>
    incident && incident.accounts > 0
      ? [
          {
            kind: "copy_command",
            label: "Copy the command",
            does: { copiesCommandOf: incident.id },
          },
        ]
      : [],
  test: ({ provider, account, incident, failed, signIns = [] }) => {
    if (failed) return [{ kind: "test", label: "Test again", does: { testsFailed: failed } }];
    if (account) return opens("test", "Test again", `/email/accounts/${account.id}?test=now`);
    if (incident)
      return incident.accounts > 0
        ? [{ kind: "test", label: "Test again", does: { testsIncident: incident.id } }]
        : [];
    return provider && signIns.length > 0
      ? opens("test", "Open the accounts", needingOf(provider))
      : [];
  },
  open: (object) => {
    const { provider, account, incident, failed } = object;
    // Its own page shows it, and can check it.
    if (provider && !account && !incident && !failed) return MAKE.check(object);
    if (provider) return opens("open", "Open the provider", pageOf(provider));
    return incident ? opens("open", "Open the incident", `/incidents/${incident.id}`) : [];
  },
};

export function failedAt({ testRunId, failedWith, cloudProviderId }: FailedAccounts): string {
  const query = new URLSearchParams({ failedInTestRun: testRunId, failedWith });
  if (cloudProviderId) query.set("cloudProviderId", cloudProviderId);
  return `/email/accounts?${query}`;
}

/** More sign in from the list of accounts. */
const MAX_SIGN_INS = 3;
/** Beyond that, by failure or in the list of accounts. */
const LINKS_BY_NAME = 100;

function signIn(object: RepairObject): RepairButton[] {
  const { provider, account, signIns = [], incident, failed } = object;
  if (provider?.grant === "app_only" || provider?.grant === "domain_wide")
    return [
      {
        kind: "sign_in",
        label: "Connect again",
        does: { connects: { cloudProviderId: provider.id, grant: provider.grant } },
      },
    ];
  if (account)
    return signsIn(`Sign in as ${account.username}`, {
      subject: "email_account",
      emailAccountId: account.id,
    });
  if (signIns.length > 0 && signIns.length <= MAX_SIGN_INS)
    return signIns.flatMap(({ username, of }) => signsIn(`Sign in as ${username}`, of));
  if (failed) return opens("sign_in", "Open the accounts", failedAt(failed));
  if (!provider) return [];
  if (incident || signIns.length > 0)
    return opens("sign_in", "Open the accounts", needingOf(provider));
  return signsIn("Authenticate", { subject: "provider", cloudProviderId: provider.id });
}

/** Its owner may have to sign in. */
function createLinks({ provider, account, failed, signIns = [] }: RepairObject): RepairButton[] {
  if (provider?.grant !== "delegated") return [];
  const usernames = account ? [account.username] : signIns.map(({ username }) => username);
  const { length } = usernames;
  const createsLinks =
    length <= LINKS_BY_NAME ? { cloudProviderId: provider.id, usernames } : listed(failed);
  if (length === 0 || !createsLinks) return [];
  const count = length.toLocaleString("en");
  const label = length === 1 ? "Create sign-in link" : `Create ${count} sign-in links`;
  return [{ kind: "create_links", label, does: { createsLinks } }];
}

function listed(failed: FailedAccounts | undefined): LinksFor | undefined {
  if (!failed) return undefined;
  const { testRunId: failedInTestRun, ...cause } = failed;
  return { accounts: "all", search: "", failedInTestRun, ...cause };
}

function signsIn(label: string, subject: SignInOf): RepairButton[] {
  return [{ kind: "sign_in", label, does: { signsIn: subject } }];
}

function opens(kind: RepairKind, label: string, address: string): RepairButton[] {
  return [{ kind, label, does: { opens: address } }];
}

function pageOf({ id }: { id: string }): string {
  return `/settings/cloud-providers/${id}`;
}

function needingOf({ id }: { id: string }): string {
  return `/email/accounts?cloudProviderId=${id}&view=attention&sort=state`;
}

function distinct(buttons: RepairButton[]): RepairButton[] {
  return [...new Map(buttons.map((button) => [button.label, button])).values()];
}
