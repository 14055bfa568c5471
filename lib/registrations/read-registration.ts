import { hostProblems, isAllowedHost, saysInside } from "@/lib/egress/allowed-hosts";
import { mayUseHttpsPort, placeOfUrl } from "@/lib/egress/policy";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError, type FieldErrors, fieldError, refuseFields } from "@/lib/kernel/errors";
import { configuredEgress } from "@/lib/mail/configured";
import { type CloudHosts, differingHosts, withHosts } from "@/lib/oauth/configured-clouds";
import { platformEgress } from "@/lib/oauth/https";
import type { Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { type ProviderHosts, tenantSchema } from "./registration/schema";
import { requireCloud } from "./store";

/** The cloud as the provider will use it, and the part to store. @throws AppError unprocessable */
export function readHosts(cloudId: string, typed: ProviderHosts | null) {
  const preset = requireCloud(cloudId);
  const hosts = differingHosts(preset, typed);
  requireAllowedProviderHosts(hosts);
  return { cloud: withHosts(preset, hosts), hosts };
}

/** As when the tenant's id was pasted twice, once hidden by a domain. */
export function requireDifferentIds(clientId: string, tenantId: string): void {
  if (clientId === tenantId)
    throw fieldError(
      "tenantId",
      "This is the application id. Paste the Directory (tenant) ID here.",
    );
}

const ORIGINS = ["authority", "scopeHost", "graph"] as const;

/** As for custom accounts; addresses are checked again at each connection. */
export function requireAllowedProviderHosts(hosts: CloudHosts | null): void {
  if (!hosts) return;
  refuseFields({
    ...originProblems(hosts),
    ...hostProblems(hosts.mail ?? null, configuredEgress(), "hosts.mail."),
  });
}

type Origins = { readonly [K in (typeof ORIGINS)[number]]?: string | undefined };

export function originProblems(hosts: Origins): FieldErrors {
  const fields: FieldErrors = {};
  for (const name of ORIGINS) {
    const origin = hosts[name];
    const problem = origin ? originProblem(new URL(origin)) : null;
    if (problem) fields[`hosts.${name}`] = [problem];
  }
  return fields;
}

function originProblem(url: URL): string | null {
  const place = placeOfUrl(url);
  if (!isAllowedHost(place, platformEgress())) return saysInside();
  if (!mayUseHttpsPort(place, platformEgress()))
    return "Only the standard port 443 is accepted. The operator can allow the host with POSTKEY_PRIVATE_HOSTS.";
  return null;
}

const TENANT_GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** From an id or a verified domain. @throws AppError unprocessable on `tenantId` */
export async function resolveTenantId({
  service,
  cloud,
  tenantId: tenant,
}: Pick<Registration, "service" | "cloud" | "tenantId">): Promise<string> {
  if (TENANT_GUID.test(tenant)) return tenant;
  const found = await serviceOf({ service })
    .resolveTenant(cloud, tenant)
    .catch(() => undefined);
  if (found !== null && found !== undefined) return found;
  const message =
    found === null
      ? `${cloud.label} knows no tenant with the domain ${tenant}. Check the spelling and the cloud, or paste the Directory (tenant) ID.`
      : `The id of ${tenant} could not be looked up now. Paste the Directory (tenant) ID instead.`;
  throw fieldError("tenantId", message);
}

type FoundTenant = { tenantId: string; problem: null } | { tenantId: null; problem: string };

/** The id of a tenant that was typed as a domain or an id, or what is wrong with it, in words. */
export async function findTenantId(
  actor: Actor,
  input: { cloud: string; tenant: string },
): Promise<FoundTenant> {
  requirePermission(actor, "providers:read");
  const tenant = tenantSchema.safeParse(input.tenant);
  if (!tenant.success)
    return { tenantId: null, problem: tenant.error.issues[0]?.message ?? "This is not a tenant." };
  try {
    const cloud = requireCloud(input.cloud);
    const { service } = cloud;
    const tenantId = await resolveTenantId({ service, cloud, tenantId: tenant.data });
    return { tenantId, problem: null };
  } catch (error) {
    if (error instanceof AppError) return { tenantId: null, problem: error.message };
    throw error;
  }
}
