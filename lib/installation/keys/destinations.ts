import type { Destination } from "@/lib/kernel/crypto";

/**
 * Where each secret may be sent: everything that decides it, written in one way. A secret is sealed for its
 * destination (lib/kernel/crypto.ts), so that an edit, a restored row or write access to the database cannot
 * have it sent anywhere else: it no longer opens, and has to be entered again. A cloud stands for its preset,
 * whose content the operator vouches for, not the database.
 */
export type ProviderColumns = {
  cloudProviderId: string;
  service: string;
  cloud: string;
  /** What the provider says instead of its cloud: sign-in servers, Graph, mail servers. */
  hosts: unknown;
  clientId: string;
  tenantId: string;
};

/** Where a registration's requests and what comes of them go. */
export function providerDestination(provider: ProviderColumns): Destination {
  const { cloudProviderId, service, cloud, hosts, clientId, tenantId } = provider;
  return ["provider", cloudProviderId, service, cloud, canonical(hosts), clientId, tenantId];
}

/** @param kind a private key must not be sent as if it were a client secret */
export function credentialDestination(provider: Destination, kind: string): Destination {
  return [...provider, "credential", kind];
}

export type AuthorizationColumns = {
  /** How the provider's mailboxes sign in, and how this one did. */
  providerGrant: string;
  grant: string;
  /** Of the authorization: the name by which accounts find it, and who it is. */
  authorizedName: string;
  objectId: string;
  identityTenantId: string;
};

/** Tokens: the servers of their provider, and accounts of the name that signed in. */
export function tokenDestination(
  provider: ProviderColumns,
  { providerGrant, grant, authorizedName, objectId, identityTenantId }: AuthorizationColumns,
): Destination {
  const who = [providerGrant, grant, authorizedName, objectId, identityTenantId];
  return [...providerDestination(provider), "tokens", ...who];
}

export type RequestColumns = {
  kind: string;
  cloudProviderId: string;
  providerVersion: number;
  sessionId: string;
  redirectUri: string;
  nonce: string;
  expectedUsername: string | null;
  emailAccountId: string | null;
  signInLinkId?: string | null;
};

/** What a pending sign-in holds: the provider, the browser and the person it was begun for. */
export function requestDestination(provider: Destination, request: RequestColumns): Destination {
  const { kind, cloudProviderId, providerVersion, sessionId } = request;
  const { redirectUri, nonce, expectedUsername, emailAccountId, signInLinkId = null } = request;
  const begun = [kind, cloudProviderId, `${providerVersion}`, sessionId, redirectUri, nonce];
  // A sign-in without a link is bound as it was before there were any.
  const byLink = signInLinkId === null ? [] : [signInLinkId];
  return [...provider, "request", ...begun, expectedUsername, emailAccountId, ...byLink];
}

export type PasswordColumns = {
  service: string;
  /** Of a Custom account. */
  hosts: unknown;
  username: string;
  /** Of a provider, which an account with a password has none of. */
  cloud: string | null;
  providerHosts: unknown;
};

export function passwordDestination(account: PasswordColumns): Destination {
  const { service, hosts, username, cloud, providerHosts } = account;
  return ["password", service, canonical(hosts), cloud, canonical(providerHosts), username];
}

type Channel = { kind: "smtp"; smtp: unknown; user: string } | { kind: string };

/** A relay's password goes to the relay; what signs webhooks goes nowhere, and never as a password. */
export function channelDestination(target: Channel): Destination {
  return "smtp" in target
    ? ["channel", target.kind, canonical(target.smtp), target.user]
    : ["channel", target.kind];
}

/**
 * The address of a webhook is a secret and its destination in one. It opens only beside the origin that the
 * screens show, so that the origin shown is the one called.
 */
export function webhookDestination(origin: string): Destination {
  return ["channel", "webhook", "address", origin];
}

/** A letter with a one-time link goes to the one person whom it was written to. */
export function letterDestination(recipient: string): Destination {
  return ["letter", recipient];
}

export type CompanyColumns = { companySignInId: string; issuer: string; clientId: string };

/** The secret of a company sign-in: its issuer alone says where tokens come from. */
export function companyDestination(company: CompanyColumns): Destination {
  return ["company", company.companySignInId, company.issuer, company.clientId];
}

/** What a session keeps of the company: for that company and that session. */
export function companyTokenDestination(company: CompanyColumns, sessionId: string): Destination {
  return [...companyDestination(company), "session", sessionId];
}

/** JSON with its keys in order, as the database keeps them in none. */
function canonical(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}

/** Whether what is sealed for one of them may go to the other. */
export function isSameDestination(a: Destination, b: Destination): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
