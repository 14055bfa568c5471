import { PROTOCOL_NAMES, type Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint, MailHosts, OwnHosts } from "@/lib/egress/schema";
import { AppError } from "@/lib/kernel/errors";
import { type MailService, mailService } from "@/lib/mail/services/schema";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds, withHosts } from "@/lib/oauth/configured-clouds";

type Located = {
  service: MailService;
  hosts: OwnHosts | null;
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

/** The account's own, or as a token is for. */
export function accountHosts(account: Located): OwnHosts {
  const isOwn = mailService(account.service).hostsAt === "account";
  return (isOwn && account.hosts) || presetHosts(account);
}

/** Its provider's cloud's or the service's. */
export function presetHosts(account: Located): MailHosts {
  const { hosts, isInClouds, platform } = mailService(account.service);
  const cloud = cloudOf(account);
  if (isInClouds && cloud.service === platform) return cloud.mail;
  return hosts ?? cloud.mail;
}

/** @throws AppError unprocessable */
export function serverOf(hosts: OwnHosts, protocol: Protocol): MailEndpoint {
  const endpoint = hosts[protocol];
  if (!endpoint)
    throw new AppError("unprocessable", `This account has no ${PROTOCOL_NAMES[protocol]} server.`);
  return endpoint;
}
