import type { Destination } from "@/lib/kernel/crypto";

/**
 * A secret is sealed for all that decides where it goes (lib/kernel/crypto.ts): after an edit, a
 * restored row or a write to the database it no longer opens, and is entered again. Presets count
 * by id: the operator vouches for their content.
 */
export type ProviderColumns = {
  cloudProviderId: string;
  service: string;
  cloud: string;
  /** Set instead of the cloud's. */
  hosts: unknown;
  clientId: string;
  tenantId: string;
};

export function providerDestination(provider: ProviderColumns): Destination {
  const { cloudProviderId, service, cloud, hosts, clientId, tenantId } = provider;
  return ["provider", cloudProviderId, service, cloud, canonical(hosts), clientId, tenantId];
}

/** @param kind a private key must not be sent as a client secret */
export function credentialDestination(provider: Destination, kind: string): Destination {
  return [...provider, "credential", kind];
}

export type AuthorizationColumns = {
  providerGrant: string;
  grant: string;
  /** The name accounts find it by, and its person. */
  authorizedName: string;
  objectId: string;
  identityTenantId: string;
};

/** The provider's servers, for accounts of that name. */
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

/** Binds to provider, browser and person. */
export function requestDestination(provider: Destination, request: RequestColumns): Destination {
  const { kind, cloudProviderId, providerVersion, sessionId } = request;
  const { redirectUri, nonce, expectedUsername, emailAccountId, signInLinkId = null } = request;
  const begun = [kind, cloudProviderId, `${providerVersion}`, sessionId, redirectUri, nonce];
  // Links are optional, so they only extend the destination.
  const byLink = signInLinkId === null ? [] : [signInLinkId];
  return [...provider, "request", ...begun, expectedUsername, emailAccountId, ...byLink];
}

export type PasswordColumns = {
  service: string;
  hosts: unknown;
  username: string;
  /** Null: a password account has no provider. */
  cloud: string | null;
  providerHosts: unknown;
};

export function passwordDestination(account: PasswordColumns): Destination {
  const { service, hosts, username, cloud, providerHosts } = account;
  return ["password", service, canonical(hosts), cloud, canonical(providerHosts), username];
}

type Channel = { kind: "smtp"; smtp: unknown; user: string } | { kind: string };

/** A webhook's signing secret is sent nowhere, and never as a relay's password. */
export function channelDestination(target: Channel): Destination {
  return "smtp" in target
    ? ["channel", target.kind, canonical(target.smtp), target.user]
    : ["channel", target.kind];
}

/** The address is its own secret: it opens only for the origin on screen. */
export function webhookDestination(origin: string): Destination {
  return ["channel", "webhook", "address", origin];
}

export function letterDestination(recipient: string): Destination {
  return ["letter", recipient];
}

export type CompanyColumns = { companySignInId: string; issuer: string; clientId: string };

/** Its issuer alone decides where tokens come from. */
export function companyDestination(company: CompanyColumns): Destination {
  return ["company", company.companySignInId, company.issuer, company.clientId];
}

export function companyTokenDestination(company: CompanyColumns, sessionId: string): Destination {
  return [...companyDestination(company), "session", sessionId];
}

/** The database keeps no order of keys. How TLS begins is no other place: the server is verified either way. */
function canonical(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== "tls")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}

export function isSameDestination(a: Destination, b: Destination): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
