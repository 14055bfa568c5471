import {
  ALL_PROTOCOLS,
  type MailFacts,
  UNKNOWN_SENDING_LIMITS,
  usualHosts,
} from "@/lib/oauth/platform/schema";
import { MODERN_MAIL, type ModernMailService } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";

const PASSWORDS_ONLY = {
  isInClouds: false,
  hasSharedMailboxes: false,
  hasProtocolSwitches: false,
  hasGraph: false,
  hasReadableTokens: false,
  sending: UNKNOWN_SENDING_LIMITS,
} as const;

const YAHOO: MailFacts = {
  ...PASSWORDS_ONLY,
  label: "Yahoo",
  hostsAt: "service",
  hosts: usualHosts("imap.mail.yahoo.com", "smtp.mail.yahoo.com", "pop.mail.yahoo.com"),
  passwordEnds: [
    {
      protocols: ALL_PROTOCOLS,
      state: "restricted",
      day: null,
      text: "Yahoo accepts only app passwords.",
      source: "https://help.yahoo.com/kb/SLN15241.html",
    },
  ],
};

const CUSTOM: MailFacts = {
  ...PASSWORDS_ONLY,
  label: "Custom",
  hostsAt: "account",
  hosts: null,
  // An operator's choice: Dovecot defaults to ten per user and address, Postfix has none.
  sending: { ...UNKNOWN_SENDING_LIMITS, connections: 10 },
  passwordEnds: [
    {
      protocols: ALL_PROTOCOLS,
      state: "unknown",
      day: null,
      text: "The operator of the server decides how long it accepts passwords.",
      source: null,
    },
  ],
};

export type MailService = ModernMailService | "yahoo" | "custom";

type Served = MailFacts & { id: MailService; platform: ServiceId | null };

const DESCRIBED: readonly Served[] = [
  ...MODERN_MAIL,
  { ...YAHOO, id: "yahoo", platform: null },
  { ...CUSTOM, id: "custom", platform: null },
];

export const SERVICES: readonly MailService[] = DESCRIBED.map(({ id }) => id);

export const USUAL_SERVICE: MailService = SERVICES[0] ?? "custom";

const BY_ID = new Map(DESCRIBED.map((each) => [each.id, each]));

/** @throws Error for an unknown id */
export function mailService(service: MailService): Served {
  const described = BY_ID.get(service);
  if (!described) throw new Error(`There is no mail service ${service}.`);
  return described;
}

/** Then hosts, not the service, tell accounts apart. */
export function hasOwnHosts(service: string): boolean {
  return DESCRIBED.some(({ id, hostsAt }) => id === service && hostsAt === "account");
}

export function servicesInSql(are: (service: MailService) => boolean): string {
  return SERVICES.filter(are)
    .map((service) => `'${service}'`)
    .join(", ");
}

export const WITH_OWN_HOSTS = servicesInSql(hasOwnHosts);
