import type { MailHosts } from "@/lib/egress/schema";
import type { MailService } from "@/lib/mail/schema";
import { withHosts } from "@/lib/oauth/cloud-hosts";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { MODERN_SERVICES } from "./schema";

function implicit(host: string, port: number) {
  return { host, port, tls: "implicit" } as const;
}

function submission(host: string) {
  return { host, port: 587, tls: "starttls" } as const;
}

/** Hosts of the services that have the same ones everywhere, from their own help pages. */
const PUBLIC_HOSTS: Readonly<Record<"outlook_com" | "gmail" | "yahoo", MailHosts>> = {
  outlook_com: {
    imap: implicit("outlook.office365.com", 993),
    smtp: submission("smtp-mail.outlook.com"),
    pop3: implicit("outlook.office365.com", 995),
  },
  gmail: {
    imap: implicit("imap.gmail.com", 993),
    smtp: submission("smtp.gmail.com"),
    pop3: implicit("pop.gmail.com", 995),
  },
  yahoo: {
    imap: implicit("imap.mail.yahoo.com", 993),
    smtp: submission("smtp.mail.yahoo.com"),
    pop3: implicit("pop.mail.yahoo.com", 995),
  },
};

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
  return MODERN_SERVICES.includes(service) && (platform === "google") === (service === "gmail");
}

/** Where the hosts of a service's accounts are set: for Outlook365 and Custom somebody can edit them. */
export function hostsPlace(service: MailService): "account" | "provider" | "service" {
  if (service === "custom") return "account";
  return service === "outlook365" ? "provider" : "service";
}

/** The hosts that an account's mail is on. */
export function accountHosts(account: Located): MailHosts {
  return mailHosts(account.service, { cloud: cloudOf(account), hosts: account.hosts });
}

/**
 * Where an account's mail is served: Outlook365 in its provider's cloud, a Custom account where it
 * says, the others where they always are.
 */
export function mailHosts(
  service: MailService,
  { cloud, hosts }: { cloud: Cloud; hosts: MailHosts | null },
): MailHosts {
  switch (service) {
    case "outlook365":
      return cloud.mail;
    case "custom":
      // The schema lets no Custom account in without hosts.
      return hosts ?? cloud.mail;
    case "gmail":
      return cloud.service === "google" ? cloud.mail : PUBLIC_HOSTS.gmail;
    case "outlook_com":
    case "yahoo":
      return PUBLIC_HOSTS[service];
    default:
      throw new Error(`Unhandled service ${service satisfies never}`);
  }
}
