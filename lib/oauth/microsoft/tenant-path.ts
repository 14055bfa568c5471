import type { Registration } from "../service";

type Tenant = Pick<Registration, "tenantId" | "accountTypes">;

/** A single-tenant app must name its tenant (AADSTS50194). */
export function tenantSegment({ accountTypes, tenantId }: Tenant): string {
  if (accountTypes === "tenant") return tenantId;
  return accountTypes === "organizations" ? "organizations" : "common";
}

export function keysUrl(registration: Tenant & Pick<Registration, "cloud">): string {
  return `${registration.cloud.authority}/${tenantSegment(registration)}/discovery/v2.0/keys`;
}

/** Also the audience of assertions. */
export function tokenUrl(registration: Tenant & Pick<Registration, "cloud">): string {
  return `${registration.cloud.authority}/${tenantSegment(registration)}/oauth2/v2.0/token`;
}
