import {
  type AuthorizationColumns,
  type ProviderColumns,
  providerDestination,
  tokenDestination,
} from "@/lib/installation/keys/destinations";
import type { Destination } from "@/lib/kernel/crypto";

/** What decides where tokens may be sent, of an authorization and its provider. */
export type BoundColumns = Omit<ProviderColumns, "hosts" | "service"> &
  AuthorizationColumns & {
    providerService: string;
    /** What the provider says instead of its cloud. */
    providerHosts: unknown;
  };

/** Where tokens of these columns may be sent, and as whose. */
export function boundTo(bound: BoundColumns): Destination {
  return tokenDestination(providerOf(bound), bound);
}

/** Where the registration of these columns may send what is its own. */
export function registeredAt(bound: BoundColumns): Destination {
  return providerDestination(providerOf(bound));
}

/** These alone: rows have many more columns. */
function providerOf(bound: BoundColumns): ProviderColumns {
  const { cloudProviderId, providerService, cloud, providerHosts, clientId, tenantId } = bound;
  const where = { service: providerService, cloud, hosts: providerHosts };
  return { cloudProviderId, clientId, tenantId, ...where };
}

/** SQL: the same, of the authorization `a` and the provider `p`. */
export const BOUND_COLUMNS = `p.id AS "cloudProviderId", p.service AS "providerService", p.cloud, p.hosts AS "providerHosts",
    p."clientId", p."tenantId", p."grant" AS "providerGrant", a."grant", a.username AS "authorizedName",
    a."objectId", a."tenantId" AS "identityTenantId"`;
