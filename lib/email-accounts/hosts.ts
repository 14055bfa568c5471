import type { MailHosts } from "@/lib/egress/schema";
import { type MailService, mailService } from "@/lib/mail/services/schema";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds, withHosts } from "@/lib/oauth/configured-clouds";

type Located = {
  service: MailService;
  hosts: MailHosts | null;
  cloud: string | null;
  providerHosts: unknown;
};

/** The first one without a provider. */
export function cloudOf({ cloud: id, providerHosts }: Omit<Located, "service" | "hosts">): Cloud {
  const clouds = configuredClouds();
  const found = clouds.find((cloud) => cloud.id === id) ?? clouds[0];
  if (!found) throw new Error("No cloud is configured.");
  return withHosts(found, providerHosts);
}

export function takesTokensOf(service: MailService, platform: string): boolean {
  return mailService(service).platform === platform;
}

/** The account's own, its provider's cloud or the service's. */
export function accountHosts(account: Located): MailHosts {
  const { hostsAt, hosts, isInClouds, platform } = mailService(account.service);
  const cloud = cloudOf(account);
  // The schema requires hosts here.
  if (hostsAt === "account") return account.hosts ?? cloud.mail;
  if (isInClouds && cloud.service === platform) return cloud.mail;
  return hosts ?? cloud.mail;
}
