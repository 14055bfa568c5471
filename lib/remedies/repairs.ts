import { failedAt, needingOf, pageOf } from "./addresses";
import {
  type AccountsThatFail,
  BY_GRAPH,
  type FailedAccounts,
  type LinksFor,
  mayUseGraph,
  type Remedy,
  type RepairButton,
  type RepairDeed,
  type RepairKind,
  type RepairObject,
  type SignInOf,
  signInHelps,
} from "./remedy";

type Refused = Pick<Remedy, "id" | "retry">;

export type Told = {
  kinds: readonly RepairKind[];
  /** About hosts, or the choice of mailbox. */
  isOfHosts: boolean;
  isOfMailbox: boolean;
  /** Only the person can repeat it. */
  isSignIn: boolean;
};

export function buttonsFor(remedy: Refused, told: Told, object: RepairObject): RepairButton[] {
  const { id, retry } = remedy;
  const helps = told.isSignIn || signInHelps(remedy);
  const about: About = {
    ...told,
    id,
    isFresh: isOfRenewal(remedy) && retry !== "yes",
    hasDelegate: OF_DELEGATES.test(id) && object.account?.isDelegate === true,
  };
  const shown = kindsOf(remedy, { ...about, helps }, object).flatMap((kind) =>
    MAKE[kind](object, about),
  );
  const ordered = helps
    ? shown
    : [...shown.filter((button) => !isOfPerson(button)), ...shown.filter(isOfPerson)];
  const buttons = ordered.length > 0 ? ordered : MAKE.open(object, about);
  return [...new Map(buttons.map((button) => [button.label, button])).values()];
}

type About = Told & {
  id: string;
  /** The last token may work for an hour and proves nothing. */
  isFresh: boolean;
  hasDelegate: boolean;
};

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
  return [testAgain({ testsFailed: failed, ...(isOfRenewal(remedy) && { isFresh: true }) })];
}

function testAgain(does: RepairDeed): RepairButton {
  return { kind: "test", label: "Test again", does };
}

/** At the platform, by themselves or with a link. */
function isOfPerson({ kind, does }: RepairButton): boolean {
  return kind === "create_links" || (kind === "sign_in" && !("connects" in does));
}

function kindsOf(
  { id, retry }: Refused,
  { kinds: told, helps, hasDelegate }: About & { helps: boolean },
  { account, incident, failed }: RepairObject,
): RepairKind[] {
  const isOfRegistration = told.includes("update_secret") || told.includes("edit_provider");
  // Sign-ins show their result; passing failures are not pressed by many.
  const isTested =
    failed !== undefined || (!helps && (account || incident) && !(incident && retry === "yes"));
  // Another way comes after what mends this one.
  const [others, mends] = [told.filter(isByGraph), told.filter((kind) => !isByGraph(kind))];
  const also: readonly (readonly [unknown, RepairKind])[] = [
    [helps, "sign_in"],
    [hasDelegate, "choose_delegate"],
    ...others.map((kind) => [true, kind] as const),
    [isOfRegistration && /^AADSTS/.test(id), "check"],
    [isTested, "test"],
  ];
  return [...mends, ...also.flatMap(([holds, kind]) => (holds ? [kind] : []))].flatMap(
    (kind): RepairKind[] => (kind === "sign_in" ? [kind, "create_links"] : [kind]),
  );
}

const isByGraph = (kind: RepairKind) => kind === "send_by_graph" || kind === "read_by_graph";

/** Someone with the right would not meet them. */
const OF_DELEGATES =
  /^(?:(?:imap|pop3)\.(?:no_full_access|not_connected|not_authorised|mailbox_refused)|smtp\.send_as_denied|token\.other_user)$/;

const CREDENTIALS: Readonly<Record<string, { label: string; dialog: string }>> = {
  client_secret: { label: "Update Client Secret", dialog: "secret" },
  certificate: { label: "Update certificate", dialog: "certificate" },
  service_account: { label: "Update key", dialog: "key" },
};
const OTHER_CREDENTIAL = { label: "Change credential", dialog: "change" };

export function renewalAt({ id, credentialKind }: { id: string; credentialKind: string }): string {
  const { dialog } = CREDENTIALS[credentialKind] ?? OTHER_CREDENTIAL;
  const isMadeHere = credentialKind === "certificate";
  return `/settings/cloud-providers/${id}?open=${isMadeHere ? "generate" : dialog}`;
}

const MAKE: Readonly<Record<RepairKind, (object: RepairObject, about: About) => RepairButton[]>> = {
  update_secret({ provider }) {
    const { label, dialog } = CREDENTIALS[provider?.credentialKind ?? ""] ?? OTHER_CREDENTIAL;
    return opens("update_secret", label, pageOf(provider, `?open=${dialog}`));
  },
  generate_certificate: ({ provider }) =>
    opens("generate_certificate", "Generate certificate", pageOf(provider, "?open=generate")),
  sign_in: signIn,
  create_links: createLinks,
  /** A delegate and a wrong mailbox have different fields. */
  choose_delegate({ account }, { isOfMailbox }) {
    if (!account) return [];
    const edit = `/email/accounts/${account.id}/edit?field=`;
    const field = account.mailboxField ?? "mailbox";
    return [
      ...opens("choose_delegate", "Choose another delegate", `${edit}username`),
      ...(isOfMailbox ? opens("edit_account", "Edit the mailbox", edit + field) : []),
    ];
  },
  edit_account({ account, hostsAt }, { isOfHosts, hasDelegate }) {
    if (!account || hasDelegate) return [];
    const { protocol = "imap" } = account;
    const field = isOfHosts && hostsAt === "account" ? `?field=hosts.${protocol}.host` : "";
    return opens("edit_account", "Edit the account", `/email/accounts/${account.id}/edit${field}`);
  },
  /** Hosts are folded in its form. */
  edit_provider({ provider, hostsAt }, { isOfHosts }) {
    const field = isOfHosts && hostsAt === "provider" ? "?field=hosts" : "";
    return opens("edit_provider", "Edit the provider", pageOf(provider, `/edit${field}`));
  },
  send_by_graph: (object, { id }) => byGraph(object, id, "sendsBy"),
  read_by_graph: (object, { id }) => byGraph(object, id, "readsBy"),
  check: ({ provider }) => opens("check", "Check", pageOf(provider, "?check=now")),
  /** On the incident's page, with all its mailboxes. */
  show_command: ({ incident }) =>
    incident && incident.accounts > 0
      ? opens("show_command", "Show the command", `/incidents/${incident.id}`)
      : [],
  test({ provider, account, incident, failed, signIns = [] }, { isFresh }) {
    const fresh = isFresh && ({ isFresh: true } as const);
    if (failed) return [testAgain({ testsFailed: failed, ...fresh })];
    if (account) {
      const opens = `/email/accounts/${account.id}?test=${isFresh ? "fresh" : "now"}`;
      return [testAgain({ opens })];
    }
    if (incident)
      return incident.accounts > 0 ? [testAgain({ testsIncident: incident.id, ...fresh })] : [];
    if (!provider || signIns.length === 0) return [];
    return opens("test", "Open the accounts", needingOf(provider));
  },
  open(object, about) {
    const { provider, account, incident, failed } = object;
    // Its own page shows it, and can check it.
    if (provider && !account && !incident && !failed) return MAKE.check(object, about);
    if (provider) return opens("open", "Open the provider", pageOf(provider));
    return incident ? opens("open", "Open the incident", `/incidents/${incident.id}`) : [];
  },
};

function byGraph(object: RepairObject, failedWith: string, way: keyof typeof BY_GRAPH) {
  const { account, failed, provider } = object;
  const of = failed ?? { failedWith, cloudProviderId: provider?.id };
  const [kind, verb] = BY_GRAPH[way];
  if (!mayUseGraph(object)) return [];
  if (!account) return opens(kind, "Open the accounts", failedAt(of));
  const label = `${verb} through Microsoft Graph instead`;
  return [{ kind, label, does: { setsGraph: account.id, way } } as const];
}

/** More sign in from the list of accounts. */
const MAX_SIGN_INS = 3;
/** Beyond that, by failure or in the list of accounts. */
export const LINKS_BY_NAME = 100;

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

function opens(kind: RepairKind, label: string, address: string | undefined): RepairButton[] {
  return address === undefined ? [] : [{ kind, label, does: { opens: address } }];
}
