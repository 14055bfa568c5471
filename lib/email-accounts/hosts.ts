import type { MailHosts } from "@/lib/egress/schema";
import { type MailService, mailService } from "@/lib/mail/services/schema";
import { withHosts } from "@/lib/oauth/cloud-hosts";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

/** What an account and its provider say about where they are. */
type Located = {
  service: MailService;
  hosts: MailHosts | null;
  cloud: string | null;
  providerHosts: unknown;
};

/** The cloud that an account's provider is in; the first one for accounts without a provider. */
export function cloudOf({ cloud: id, providerHosts }: Omit<Located, "service" | "hosts">): Cloud {
  const clouds = configuredClouds();
  const found = clouds.find((cloud) => cloud.id === id) ?? clouds[0];
  if (!found) throw new Error("No cloud is configured.");
  return withHosts(found, providerHosts);
}

/** Whether the tokens of an identity platform are for the servers of a service. */
export function takesTokensOf(service: MailService, platform: string): boolean {
  return mailService(service).platform === platform;
}

/** The hosts that an account's mail is on. */
export function accountHosts(account: Located): MailHosts {
  return mailHosts(account.service, { cloud: cloudOf(account), hosts: account.hosts });
}

/**
 * Where an account's mail is served: where a Custom account says, in its provider's cloud where that is one
 * of the service's own platform, and otherwise where the service always is.
 */
function mailHosts(
  service: MailService,
  { cloud, hosts: own }: { cloud: Cloud; hosts: MailHosts | null },
): MailHosts {
  const { hostsAt, hosts, isInClouds, platform } = mailService(service);
  // The schema lets no Custom account in without hosts.
  if (hostsAt === "account") return own ?? cloud.mail;
  if (isInClouds && cloud.service === platform) return cloud.mail;
  return hosts ?? cloud.mail;
}
