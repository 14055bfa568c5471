import type { HostsAt, RemedyContext, RepairKind } from "./remedy";

/** As the form of a provider calls where its hosts are changed. */
const HOSTS_OF_PROVIDER = "Hosts of the cloud provider";

/** The field at which a form is opened where the way leads to hosts; that of a provider keeps them folded. */
export function hostsField(
  kind: RepairKind,
  steps: readonly string[],
  place: HostsAt | undefined,
): string | undefined {
  if (kind === "edit_provider" && steps.some((step) => step.includes(HOSTS_OF_PROVIDER)))
    return "hosts";
  if (kind === "edit_account" && place === "account" && steps.some(isOfHosts))
    return "hosts.imap.host";
  return undefined;
}

/** A step about a host, a port or TLS, which says that they are "in the account". */
function isOfHosts(step: string): boolean {
  const [before, ...after] = step.split(/ in the account\b/);
  return after.length > 0 && /\b(?:hosts?|ports?|TLS|STARTTLS)\b/.test(before ?? "");
}

const OF_PASSWORDS = /\bswitch Modern Authentication off\b/;
const PRESET =
  "The hosts of this service are preset, so there is nothing to change here. Find out what answers in their place.";

/**
 * Steps with the place where the hosts of an account really are. Only a Custom account has them in its
 * form; those of Outlook365 are its cloud provider's, and those of other services never change.
 */
export function withHostPlace(
  steps: readonly string[],
  place: HostsAt | undefined,
): readonly string[] {
  if (place === undefined || place === "account") return steps;
  const fitting = steps.filter((step) => !OF_PASSWORDS.test(step));
  if (place === "provider")
    return fitting.map((step) =>
      isOfHosts(step) ? step.replace(" in the account", ` under ${HOSTS_OF_PROVIDER}`) : step,
    );
  const rest = fitting.filter((step) => !isOfHosts(step));
  return rest.length === steps.length ? steps : [...rest, PRESET];
}

const SIGN_IN_HOST = "the sign-in host of the provider's cloud";

/** Steps with the name of the host that a proxy or a firewall has to let through, where it is known. */
export function withSignInHost(
  steps: readonly string[],
  host: RemedyContext["signInHost"],
): readonly string[] {
  // As a function: in a text that replaces, `$&` could mean something.
  return host === undefined ? steps : steps.map((step) => step.replace(SIGN_IN_HOST, () => host));
}
