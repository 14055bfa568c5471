import { CONSUMERS_TENANT_ID, findTenant, TENANTS, type Tenant, type User } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { IdentityError } from "./identity-error";

/** The first segment of every endpoint: one tenant, or a kind of account. */
export type TenantPath =
  | { kind: "tenant"; tenant: Tenant }
  | { kind: "common" | "organizations" | "consumers" };

/**
 * Reads `{tenant}`: a GUID, a domain, `common`, `organizations` or `consumers`; a tenant of the other
 * cloud is refused.
 */
export function parseTenantPath(
  { isGovernment }: Pick<Platform, "isGovernment">,
  segment: string,
): TenantPath {
  const name = decodeURIComponent(segment).toLowerCase();
  if (name === "common" || name === "organizations" || name === "consumers") return { kind: name };
  const tenant = findTenant(name);
  if (tenant && isGovernment === (tenant.regionScope !== undefined))
    return { kind: "tenant", tenant };
  if (tenant)
    throw new IdentityError(isGovernment ? 90002 : 900382, { values: { tenant: segment } });
  const isPlausible = /^[0-9a-f-]{36}$/.test(name) || name.includes(".");
  throw new IdentityError(isPlausible ? 90002 : 90023, { values: { tenant: segment } });
}

/** Whether this application may be used through this path at all. */
export function requireAudience(path: TenantPath, registration: Registration): void {
  const values = { client: registration.clientId, name: registration.name };
  const isSingleTenant = registration.accountTypes === "tenant";
  if (path.kind === "tenant") {
    if (isSingleTenant && path.tenant.id !== registration.tenantId)
      throw new IdentityError(700016, { values: { ...values, directory: path.tenant.name } });
    return;
  }
  if (isSingleTenant) throw new IdentityError(50194, { values });
  if (path.kind === "consumers" && registration.accountTypes !== "organizations_and_personal")
    throw new IdentityError(9002332, { values });
}

/** Whether this person may sign in through this path; otherwise the number that says why not. */
export function admits(path: TenantPath, user: User, registration: Registration): boolean {
  const isPersonal = user.tenantId === CONSUMERS_TENANT_ID;
  if (path.kind === "tenant") return user.tenantId === path.tenant.id;
  if (path.kind === "consumers") return isPersonal;
  if (!isPersonal) return true;
  return path.kind === "common" && registration.accountTypes === "organizations_and_personal";
}

export function tenantName(tenantId: string): string {
  return TENANTS.find((tenant) => tenant.id === tenantId)?.name ?? tenantId;
}

/** The tenant that app-only and metadata requests need to be concrete about. */
export function concreteTenant(path: TenantPath): Tenant | undefined {
  return path.kind === "tenant" ? path.tenant : undefined;
}
